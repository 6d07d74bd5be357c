# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A layer is linked with those below it only, and the executor by itself is small."""
import subprocess

import builder
import pytest
from config import Config

CONFIG = Config('qemu_virt', 'm', 'gcc', 'Os')
FLAGS = ['-march=rv64imac', '-mabi=lp64', '-misa-spec=2.2', '-mcmodel=medany', '-Os', '-std=gnu11',
         '-ffunction-sections', '--specs=picolibc.specs', '-nostartfiles', '-Wl,--gc-sections', '-Wl,-e,main']
PORT = """
void em_port_pend(struct em_executor *e) {}
void em_port_idle(struct em_executor *e) { __asm__ volatile("wfi"); }
_Noreturn void em_port_panic(const char *what, const char *file, unsigned line) { for (;;) {} }
unsigned em_hart_count(void) { return 1; }
"""
CLOCK = """
uint64_t em_time_driver_now(void) { return *(volatile uint64_t *)0x200bff8; }
void em_time_driver_set_alarm(uint64_t at) { *(volatile uint64_t *)0x2004000 = at; }
"""
TASK = """
static struct { em_task task; em_future frame; } slot;
static em_poll poll(em_future *f, em_context *cx) { %s }
static const em_task_type type = {.ops = {.poll = poll}, .slots = &slot.task, .count = 1, .slot_bytes = sizeof slot};
int main(void)
{
    em_task *t = em_task_claim_(&type, &slot.task, 1);
    em_task_root(t)->ops = &type.ops;
    em_must_spawn(em_spawner_hart(0), em_token_of_slot_(t));
    em_executor_run(em_spawner_hart(0).executor);
}
"""
# layer -> the layers below it, what a task of it does, what its port has
ALONE = {
    'executor': ((), '#include <em/executor.h>', 'em_wake(em_context_waker(cx)); return EM_PENDING;', PORT),
    'time': (('executor',), '#include <em/timer.h>\nstatic em_timer t;',
             'return em_future_poll(&em_timer_after(&t, em_ms(1))->future, cx);', PORT + CLOCK),
    'sync': (('executor',), '#include <em/mutex.h>\nstatic em_mutex m;\nstatic em_mutex_lock_future l;',
             'return em_future_poll(&em_mutex_lock(&l, &m)->future, cx);', PORT),
    'futures': (('executor', 'time'), '#include <em/timeout.h>\nstatic em_timeout t;\nstatic em_timer a;',
                'em_future *inner = &em_timer_after(&a, em_ms(2))->future;'
                'return em_future_poll(&em_timeout_after_(&t, em_ms(1), inner)->future, cx);',
                PORT + CLOCK),
}


def link(folder, layer):
    """The program of @p layer, linked with it and what it may know; raises what the linker says."""
    below, includes, does, port = ALONE[layer]
    layers = (layer, *below)
    libraries = [f'{name}/libem_{name}.a' for name in layers]
    tree = builder.build_tree(CONFIG, *libraries)
    source = folder / f'{layer}.c'
    source.write_text(f'{includes}\n#include <em/executor.h>\n#include <em/port.h>\n{port}{TASK % does}')
    places = [f'-I{builder.TREE}/{name}/include' for name in layers]
    places += [f'-I{tree}/executor/include', f'-I{builder.TREE}/executor/arch/riscv']
    elf = folder / f'{layer}.elf'
    done = subprocess.run(['riscv64-unknown-elf-gcc', *FLAGS, *places, source, *(tree / name for name in libraries),
                           '-o', elf], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return elf


def text_of(elf):
    """Bytes of code and constants."""
    return int(subprocess.run(['riscv64-unknown-elf-size', elf], check=True, capture_output=True,
                              text=True).stdout.splitlines()[1].split()[0])


@pytest.mark.parametrize('layer', ALONE)
def test_a_layer_links_with_those_below_it_only(tmp_path, layer):
    link(tmp_path, layer)


def test_a_layer_that_needs_another_does_not_link_without_it(tmp_path, monkeypatch):
    _, includes, does, port = ALONE['time']
    monkeypatch.setitem(ALONE, 'time', (('executor',), includes, does, port.replace('em_time_driver_now', 'no_clock')))
    with pytest.raises(AssertionError, match='em_time_driver_now'):
        link(tmp_path, 'time')


def test_the_executor_alone_fits_two_kilobytes(tmp_path):
    assert 300 < text_of(link(tmp_path, 'executor')) <= 2048
