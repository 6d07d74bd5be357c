# SPDX-License-Identifier: GPL-2.0-or-later
"""What QEMU's harts must do otherwise to be a JH7110's, as edits of its sources: (file, what stands there, what shall).

Every edit must find its place, or the build says which did not: a newer QEMU needs a look.
"""
LIM, LIM_SIZE = 0x08000000, 0x200000

# U74-MC 3.4, 4.4: misaligned loads and stores trap. All loads and stores of a QEMU that knows Zama16b come by here.
MISALIGNED = ('memop |= MO_ATOM_WITHIN16;\n    }',
              'memop |= MO_ATOM_WITHIN16;\n    } else {\n        memop |= MO_ALIGN;\n    }')

# U74-MC 3.6: a load-reserved of the LIM is an access fault.
LR_IN_LIM = ('    src1 = get_address(ctx, a->rs1, 0);\n    if (a->rl) {',
             f'''    src1 = get_address(ctx, a->rs1, 0);
    TCGLabel *elsewhere = gen_new_label();
    TCGv from_lim = tcg_temp_new();
    tcg_gen_subi_tl(from_lim, src1, {LIM});
    tcg_gen_brcondi_tl(TCG_COND_GEU, from_lim, {LIM_SIZE}, elsewhere);
    tcg_gen_st_tl(src1, tcg_env, offsetof(CPURISCVState, badaddr));
    target_ulong pc_elsewhere = ctx->pc_save;
    gen_update_pc(ctx, 0);
    gen_helper_raise_exception(tcg_env, tcg_constant_i32(RISCV_EXCP_LOAD_ACCESS_FAULT));
    ctx->pc_save = pc_elsewhere;
    gen_set_label(elsewhere);
    if (a->rl) {{''')

# U74-MC, PMP: regions of 4 KiB, of 64 bytes on hart 0. TOR ignores the bits below, NAPOT takes them for ones, and NA4
# cannot be chosen: it comes out as NAPOT. ([PRIV] 3.7.1)
PMP = 'target/riscv/pmp.c'
PMP_GRAIN = ('static uint8_t pmp_read_cfg(CPURISCVState *env, uint32_t addr_index);',
             '''static uint8_t pmp_read_cfg(CPURISCVState *env, uint32_t addr_index);

static target_ulong below_pmp_grain(CPURISCVState *env)
{
    return (env->mhartid ? 4096 : 64) / 4 - 1;
}''')
PMP_CHOICE = ('            env->pmp_state.pmp[pmp_index].cfg_reg = val;\n            pmp_update',
              '''            if (pmp_get_a_field(val) == PMP_AMATCH_NA4) {
                val |= PMP_AMATCH_NAPOT << 3;
            }
            env->pmp_state.pmp[pmp_index].cfg_reg = val;
            pmp_update''')
PMP_TOR = ('    case PMP_AMATCH_TOR:\n        if (prev_addr >= this_addr) {',
           '''    case PMP_AMATCH_TOR:
        prev_addr &= ~(hwaddr)below_pmp_grain(env);
        this_addr &= ~(hwaddr)below_pmp_grain(env);
        if (prev_addr >= this_addr) {''')
PMP_NAPOT = ('        pmp_decode_napot(this_addr, &sa, &ea);',
             '        pmp_decode_napot(this_addr | below_pmp_grain(env) >> 1, &sa, &ea);')
PMP_READ = ('        val = env->pmp_state.pmp[addr_index].addr_reg;\n',
            '''        val = env->pmp_state.pmp[addr_index].addr_reg;
        if (pmp_get_a_field(env->pmp_state.pmp[addr_index].cfg_reg) == PMP_AMATCH_NAPOT) {
            val |= below_pmp_grain(env) >> 1;
        } else {
            val &= ~below_pmp_grain(env);
        }
''')

# The 16550 asks for more when its FIFO is empty, not at each character: that wakes another thread.
SERIAL = ('            if (!(s->mcr & UART_MCR_LOOP)) {\n                /* in loopback',
          '            if (!(s->mcr & UART_MCR_LOOP) && s->recv_fifo.num == 0) {\n                /* in loopback')

EDITS = [
    ('target/riscv/insn_trans/trans_rvi.c.inc', *MISALIGNED),
    ('target/riscv/insn_trans/trans_rvf.c.inc', *MISALIGNED),
    ('target/riscv/insn_trans/trans_rvd.c.inc', 'memop |= MO_ATOM_IFALIGN;', 'memop |= MO_ALIGN;'),
    ('target/riscv/insn_trans/trans_rva.c.inc', *LR_IN_LIM),
    (PMP, *PMP_GRAIN), (PMP, *PMP_CHOICE), (PMP, *PMP_TOR), (PMP, *PMP_NAPOT), (PMP, *PMP_READ),
    ('hw/char/serial.c', *SERIAL),
    ('target/riscv/cpu.h', '#define MAX_RISCV_PMPS (16)', '#define MAX_RISCV_PMPS (8)'),
    ('hw/riscv/Kconfig', 'config RISCV_IOMMU\n', 'source visionfive2/Kconfig\n\nconfig RISCV_IOMMU\n'),
    ('hw/riscv/meson.build', 'hw_arch += ', "subdir('visionfive2')\n\nhw_arch += "),
]


def apply(tree, edits):
    """Always from the originals, which are kept; what comes out as it was is not touched."""
    for name in dict.fromkeys(name for name, _, _ in edits):
        path, original = tree / name, tree / f'{name}.orig'
        if not original.exists():
            original.write_text(path.read_text())
        text = original.read_text()
        for _, old, new in (edit for edit in edits if edit[0] == name):
            if old not in text:
                raise RuntimeError(f'{name} of this QEMU has changed: an edit does not find its place')
            text = text.replace(old, new)
        if text != path.read_text():
            path.write_text(text)
