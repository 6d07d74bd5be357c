# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`em test`: every test of the project, by suite. A suite that has nothing to run has failed."""
import contextlib
import functools
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import builder
import packages
import runner
from config import COMPILERS, TREE, Config, all_configs
from errors import FAILED, EmError

PACKAGES = ['meson', 'ninja-build', 'gcc', 'libc6-dev', 'gcc-riscv64-unknown-elf', 'picolibc-riscv64-unknown-elf',
            'clang', 'lld', 'llvm', 'libclang-rt-14-dev', 'qemu-system-misc', 'opensbi', 'u-boot-qemu', 'spin',
            'gdb-multiarch', 'openocd', 'python3-pytest', 'python3-pytest-timeout', 'python3-pytest-xdist',
            'python3-pexpect', 'python3-jsonschema', 'python3-pyelftools', 'babeltrace2', 'python3-serial',
            'python3-xmodem', 'python3-rich', 'mtools',
            # of the tools that tests use in their own process, or beside them: the flash tool's, tools/qemu/build's
            'pkg-config', 'dpkg-dev', 'python3-venv', 'libglib2.0-dev', 'libfdt-dev', 'zlib1g-dev']
PYTEST = ['/usr/bin/python3', '-B', '-m', 'pytest', '-q', '--tb=short', '-p', 'no:cacheprovider', '--timeout=600']
SANITIZERS = ['-Db_sanitize=address,undefined', '-Doptimization=1', '-Dlint=disabled']
# each mode with each compiler, each with each optimisation; the programs have GCC's every combination
QEMU = [Config('qemu_virt', 'm', 'gcc', 'O2'), Config('qemu_virt', 's', 'gcc', 'Os'),
        Config('qemu_virt', 'm', 'clang', 'Os'), Config('qemu_virt', 's', 'clang', 'O2')]
HOST = all_configs(boards=['host'])
HARTS = [Config('qemu_virt', 'm', smp=4), Config('qemu_virt', 's', smp=4), Config('qemu_virt', 'm', 'clang', 'Os', 4)]
UNITS = ['unit', 'host', 'macros']


class Count:
    """How many tests passed and failed. One that was skipped has not passed."""

    def __init__(self, passed=0, failed=0):
        self.passed = passed
        self.failed = failed

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed

    @classmethod
    def of_junit(cls, path):
        """What a report in JUnit's format says; no report, or an empty one, is a failure."""
        try:
            cases = list(ElementTree.parse(path).iter('testcase'))
        except (OSError, ElementTree.ParseError):
            cases = []
        bad = sum(1 for case in cases if any(case.find(kind) is not None for kind in ('failure', 'error', 'skipped')))
        return cls(len(cases) - bad, bad) if cases else cls(0, 1)


@functools.cache
def cores():
    """How many are ours: a container may have fewer than the machine, as a set or as a share of time."""
    ours = len(os.sched_getaffinity(0))
    with contextlib.suppress(OSError, ValueError):
        quota, period = map(int, Path('/sys/fs/cgroup/cpu.max').read_text().split())  # "max 100000": no limit
        ours = min(ours, max(1, quota // period))
    return ours


def command(words, report, log):
    """Run one command that writes a report."""
    status = subprocess.run(words, cwd=TREE, env={**builder.tool_env(), 'MESON_TESTTHREADS': str(cores())},
                            stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode
    count = Count.of_junit(report)
    if status and not count.failed:
        count.failed = 1
    return count


def pytest(folder, log, each_core=1):
    """@p each_core: how many at a time; more than one where they mostly wait."""
    if not (TREE / folder).is_dir():
        raise EmError(f'{folder} is missing')
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, 'report.xml')
        workers = ['-n', str(each_core * cores()), '--dist=loadgroup']
        return command([*PYTEST, *workers, f'--basetemp={place}/tmp', f'--junitxml={report}', folder], report, log)


def meson(config, suites, log, name='tests', extra=()):
    """Run the tests of @p suites for @p config, each of which must have some. meson builds what they need."""
    folder = builder.tree_folder(config, name, extra)
    report = folder / 'meson-logs' / 'em.junit.xml'
    report.unlink(missing_ok=True)
    chosen = [word for suite in suites for word in ('--suite', suite)]
    count = command(['meson', 'test', '-C', str(folder), '--print-errorlogs', '--logbase', 'em', *chosen],
                    report, log)
    for suite in suites:
        if not report.exists() or f':{suite} / ' not in report.read_text():
            log.write(f'no test of {suite} was run\n'.encode())
            count.failed += 1
    return count


def tool(name, log):
    """One of tools/qemu, which bring about what a machine needs."""
    status = subprocess.run([str(TREE / 'tools' / 'qemu' / name)], env=builder.tool_env(), stdin=subprocess.DEVNULL,
                            stdout=log, stderr=log).returncode
    return Count(1, 0) if status == 0 else Count(0, 1)


def bench(log):
    tool = TREE / 'bench' / 'run'
    if not tool.exists():
        raise EmError('bench/run is missing')
    status = subprocess.run([str(tool), 'check'], env=builder.tool_env(), stdin=subprocess.DEVNULL,
                            stdout=log, stderr=log).returncode
    return Count(1, 0) if status == 0 else Count(0, 1)


def each(configs, suites, **more):
    """A step for each of @p configs."""
    return [(c.key + more.get('tag', ''), functools.partial(meson, c, suites, **more.get('how', {}))) for c in configs]


def one(folder, **more):
    return [(folder, functools.partial(pytest, folder, **more))]


# suite -> its steps: what it is called, and what does it, given a file for what it says
SUITES = {
    'host': each([Config('host', cc=cc) for cc in COMPILERS], UNITS, tag=' sanitized',
                 how={'name': 'sanitized', 'extra': SANITIZERS}),
    'qemu': each(QEMU, ['qemu', 'unit']),
    'harts': each(HARTS, ['harts']) + one('tests/mixed'),
    'programs': one('tests/programs'),
    'dump': one('tests/dump'),
    'diagnostics': one('tests/diagnostics'),
    'log': one('tests/log'),
    'trace': one('tests/trace'),
    'size': one('tests/size'),
    'recording': one('tests/recording'),
    'compile_fail': each(HOST[:1], ['compile_fail']),
    'lint': one('tests/lint'),
    'verify': each(HOST[:1], ['spin', 'explore', 'tsan']),
    'gates': one('tests/gates'),
    'tool': one('tests/em'),
    'flash': one('tests/flash', each_core=4),
    'boards': [('QEMU with a VisionFive 2', functools.partial(tool, 'build')),
               ('its firmware', functools.partial(tool, 'firmware')), *one('tests/boards')],
    'subproject': one('tests/subproject'),
    'docs': one('tests/docs'),
    'bench': [('bench/run check', bench), *one('tests/bench')],
}

# folders of tests that ask real hardware, which no suite has -> the suites' test that has them ask a machine instead
ON_HARDWARE = {'tests/board': 'tests/boards/visionfive2/test_checklist.py'}


def covered():
    """The folders and the meson suites that the suites run: a gate looks for what is missing here."""
    words = [word for steps in SUITES.values() for _, step in steps if isinstance(step, functools.partial)
             for word in step.args]
    return ({word for word in words if isinstance(word, str)},
            {suite for word in words if isinstance(word, list) for suite in word})


def prepare(names):
    """Set up the build directories of the meson steps of suites, several at a time: one of them keeps one core busy."""
    steps = [step for name in names for _, step in SUITES[name] if getattr(step, 'func', None) is meson]
    with ThreadPoolExecutor(cores()) as pool:
        for step in steps:
            how = {k: v for k, v in step.keywords.items() if k in ('name', 'extra')}
            pool.submit(builder.tree_folder, step.args[0], **how)  # a failure is said by the step


@contextlib.contextmanager
def machine_meanwhile(names):
    """QEMU's build takes minutes: it begins where the suites before leave a core idle.

    What is given ends that, for the build's own step, which goes on from there with the cores for itself.
    """
    if 'boards' not in names:
        yield lambda: None
        return
    child = subprocess.Popen(['nice', '-n', '19', str(TREE / 'tools' / 'qemu' / 'build')], env=builder.tool_env(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             preexec_fn=runner.die_with_us, process_group=0)
    end = functools.partial(end_group, child)
    try:
        yield end
    finally:
        end()


def end_group(child, patience=5):
    """A child and all that it has started: ninja takes half-made files away before it goes."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()
        deadline = time.monotonic() + patience  # not for ever: who is nobody's child any more may stay as a zombie
        with contextlib.suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.killpg(child.pid, 0)
                time.sleep(0.05)


def run_step(step, log):
    try:
        return step(log=log)
    except EmError as error:
        log.write(f'{error}\n'.encode())
        return Count(0, 1)


def run_suite(name):
    """Its count. What a step says is shown if it failed."""
    total = Count()
    for title, step in SUITES[name]:
        begin = time.monotonic()
        with tempfile.TemporaryFile() as log:
            count = run_step(step, log)
            print(f'{name}: {title}: {count.passed} passed, {count.failed} failed ({time.monotonic() - begin:.0f} s)',
                  flush=True)
            if count.failed:
                log.seek(0)
                sys.stdout.write(log.read().decode('utf-8', 'backslashreplace'))
                sys.stdout.flush()
        total.add(count)
    return total


def run(names):
    """Run the suites, print a table of them and the sum as the last line. The status."""
    for name in names:
        if name not in SUITES:
            raise EmError(f"unknown suite '{name}'; there are: {', '.join(SUITES)}")
    packages.need(PACKAGES)
    names = names or list(SUITES)
    rows = []
    total = Count()
    with machine_meanwhile(names) as end_of_meanwhile:
        prepare(names)
        for name in names:
            begin = time.monotonic()
            if name == 'boards':
                end_of_meanwhile()
            count = run_suite(name)
            total.add(count)
            rows.append(f'{name:<14}{count.passed:>8}{count.failed:>8}{time.monotonic() - begin:>9.0f} s')
    print('\n' + f"{'suite':<14}{'passed':>8}{'failed':>8}{'time':>11}", *rows, sep='\n')
    print(f'{total.passed} passed, {total.failed} failed', flush=True)
    return FAILED if total.failed else 0
