/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The harts: an S7 without LR/SC, and four U74.
 *
 * tools/qemu/build gives them eight PMP entries of their grain, and has misaligned accesses and LR in LIM trap: see
 * edits.py.
 */
#include "jh7110.h"

#include "cpu.h"

#define CSR_BRANCH_PREDICTION 0x7c0
#define CSR_FEATURE_DISABLE 0x7c1
#define FEATURE_DISABLE_RESET 0xffffffffu /* all features off until software says otherwise (U74-MC 7.6) */

static target_ulong custom_csr[2][JH7110_HARTS];

static RISCVException machine_mode_only(CPURISCVState *env, int csrno)
{
    return env->priv == PRV_M ? RISCV_EXCP_NONE : RISCV_EXCP_ILLEGAL_INST;
}

static target_ulong *custom(CPURISCVState *env, int csrno)
{
    return &custom_csr[csrno & 1][env->mhartid % JH7110_HARTS];
}

static RISCVException custom_read(CPURISCVState *env, int csrno, target_ulong *value)
{
    *value = *custom(env, csrno);
    return RISCV_EXCP_NONE;
}

static RISCVException custom_write(CPURISCVState *env, int csrno, target_ulong value)
{
    *custom(env, csrno) = value;
    return RISCV_EXCP_NONE;
}

/* What realize would refuse for privileged specification 1.11, or overwrite, is set after it. */
void jh7110_cpu_identify(unsigned hart)
{
    static riscv_csr_operations ops = {
        .name = "u74", .predicate = machine_mode_only, .read = custom_read, .write = custom_write};
    RISCVCPU *cpu = RISCV_CPU(qemu_get_cpu(hart));

    riscv_set_csr_ops(CSR_BRANCH_PREDICTION, &ops);
    riscv_set_csr_ops(CSR_FEATURE_DISABLE, &ops);
    custom_csr[CSR_FEATURE_DISABLE & 1][hart] = FEATURE_DISABLE_RESET;
    cpu->cfg.ext_zba = cpu->cfg.ext_zbb = true;
    cpu->cfg.mvendorid = 0x489;
    cpu->cfg.marchid = 0x8000000000000007ULL;
    cpu->cfg.mimpid = 0x04210427;
    if (hart == 0) {
        riscv_cpu_set_misa_ext(&cpu->env, cpu->env.misa_ext & ~RVA); /* which stands for both halves of it */
        cpu->cfg.ext_zaamo = true;
        cpu->cfg.ext_zalrsc = false;
    }
}

static void jh7110_cpu_init(Object *obj)
{
    RISCV_CPU(obj)->env.priv_ver = PRIV_VERSION_1_11_0;
}

static const TypeInfo types[] = {
    {.name = TYPE_JH7110_S7, .parent = TYPE_RISCV_CPU_SIFIVE_E51, .instance_init = jh7110_cpu_init},
    {.name = TYPE_JH7110_U74, .parent = TYPE_RISCV_CPU_SIFIVE_U54, .instance_init = jh7110_cpu_init},
};

DEFINE_TYPES(types)
