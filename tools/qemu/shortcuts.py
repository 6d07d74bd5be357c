# SPDX-License-Identifier: GPL-2.0-or-later
"""What of QEMU's build takes long and brings our machine nothing, as edits of its files (see edits.py).

What executes the guest is optimized, the rest is not, and headers are parsed once: that halves the compiler's time.
Trace events do nothing, QMP's generated files are compiled as two: that saves 400 processes.
"""
CONFIGURE = ['-Doptimization=0', '--disable-pie', '--extra-ldflags=-no-pie', '--extra-cflags=-w -pthread']
OPTIMIZED = "'-O1'"

# What is parsed once for the files of a library, and for all that have its flags; first, what QEMU generates of that.
GENERATED = ['config-poison.h', 'qapi/qapi-builtin-types.h', 'trace/trace-root.h']
COMMON = ['qemu/osdep.h', 'qapi/error.h', 'qemu/error-report.h', 'qemu/main-loop.h', 'qemu/module.h', 'qemu/option.h',
          'qobject/qdict.h', 'qom/object.h', 'hw/qdev-core.h', 'migration/vmstate.h', 'exec/memory.h',
          'block/block_int.h', 'monitor/monitor.h', 'chardev/char-fe.h']
PRECOMPILED = {'libcommon': COMMON, 'libqemu-riscv64-softmmu': [*COMMON, 'cpu.h', 'exec/exec-all.h', 'hw/sysbus.h']}

# Trace events: all headers come out of one run of quiet_trace.py. The first stands for all: one command makes them.
TRACE = 'trace/meson.build'
TRACE_LIST = ('trace_events_files = []\n', 'trace_events_files = []\ntrace_headers = []\n')
TRACE_EACH = ('  trace_h = custom_target(',
              "  trace_headers += fmt.format('trace', 'h')\n  continue\n\n  trace_h = custom_target(")
TRACE_ALL = ("trace_events_all = custom_target('trace-events-all',",
             """genh += custom_target('trace-headers', output: trace_headers, input: trace_events_files,
                      command: [python, files('quiet_trace.py'), '@OUTPUT@', ':', '@INPUT@'])[0]

trace_events_all = custom_target('trace-events-all',""")

# QMP: one file includes what is generated for QEMU's library, one what is for the target.
QAPI = 'qapi/meson.build'
QAPI_QUIET = ("qapi_gen, '-o', 'qapi', '-b',", "qapi_gen, '--suppress-tracing', '-o', 'qapi', '-b',")
QAPI_NO_EVENTS = ("      'qapi-commands-@0@.trace-events'.format(module),\n", '')
QAPI_NOT_EACH = ('  util_ss.add(qapi_files[i])\n', '')
QAPI_NOT_EACH_OF_TARGET = ("  specific_ss.add(when: 'CONFIG_SYSTEM_ONLY', if_true: qapi_files[i])\n", '')
QAPI_ONE_HEADER = ("  if output.endswith('.h')\n", "  if output == 'qapi-builtin-types.h'\n")
QAPI_TOGETHER = ('i = 0\nforeach output : qapi_util_outputs\n',
                 r"""qapi_together = []
foreach part : [['util', qapi_util_outputs], ['target', qapi_specific_outputs + qapi_nonmodule_outputs]]
  sources = []
  foreach output : part[1]
    if output.endswith('.c')
      sources += output
    endif
  endforeach
  qapi_together += custom_target('qapi-' + part[0], output: 'qapi-' + part[0] + '.c', capture: true,
                                 command: ['printf', '#include "%s"\n', sources])
endforeach
util_ss.add(qapi_together[0])
specific_ss.add(when: 'CONFIG_SYSTEM_ONLY', if_true: qapi_together[1])

i = 0
foreach output : qapi_util_outputs
""")
GENERATOR = 'scripts/qapi/commands.py'  # writes a type's function once in each of the two, not once in each module
GENERATOR_ONCE = ('self._visited_ret_types[self._genc] = set()',
                  "self._visited_ret_types[self._genc] = self._visited_ret_types.setdefault('-target' in name, set())")

HARDENING = ('qemu_common_flags += cc.get_supported_arguments(hardening_flags)\n', '')
WARNINGS = ("add_project_arguments(cc.get_supported_arguments(warn_flags), native: false, language: 'c')\n", '')
OF_TARGET = ("c_args = ['-DCOMPILING_PER_TARGET',\n            '-DCONFIG_TARGET=",
             f"c_args = ['-DCOMPILING_PER_TARGET', {OPTIMIZED},\n            '-DCONFIG_TARGET=")
OF_TCG = ("c_args: '-DCONFIG_SOFTMMU'", f"c_args: ['-DCONFIG_SOFTMMU', {OPTIMIZED}]")
# A JH7110 has no vectors, whose helpers take the longest.
VECTORS = ('#include "qemu/osdep.h"\n', '#include "qemu/osdep.h"\n#pragma GCC optimize 0\n')

EDITS = [
    (TRACE, *TRACE_LIST), (TRACE, *TRACE_EACH), (TRACE, *TRACE_ALL),
    (QAPI, *QAPI_QUIET), (QAPI, *QAPI_NO_EVENTS), (QAPI, *QAPI_NOT_EACH), (QAPI, *QAPI_NOT_EACH_OF_TARGET),
    (QAPI, *QAPI_ONE_HEADER), (QAPI, *QAPI_TOGETHER), (GENERATOR, *GENERATOR_ONCE),
    ('meson.build', *HARDENING), ('meson.build', *WARNINGS), ('meson.build', *OF_TARGET),
    ('tcg/meson.build', *OF_TCG), ('target/riscv/vector_helper.c', *VECTORS),
]
