# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What to build for: board, mode, compiler, optimisation, harts."""
from dataclasses import dataclass
from pathlib import Path

from errors import EmError

TREE = Path(__file__).resolve().parents[2]
BOARDS = {  # board -> its modes
    'qemu_virt': ('m', 's'),
    'visionfive2': ('m', 's'),
    'host': ('host',),
}
FOLDERS = {'visionfive2': 'jh7110'}  # board -> its folder of hal/, where that has another name
COMPILERS = ('gcc', 'clang')
MAX_HARTS = 8
OPTIMISATIONS = {  # the name in build/ -> meson's options
    'O2': ['-Doptimization=2'],
    'Os': ['-Doptimization=s'],
    'debug': ['-Doptimization=g', '-Dchecks=true'],
}


@dataclass(frozen=True)
class Config:
    board: str = 'qemu_virt'
    mode: str = 'm'
    cc: str = 'gcc'
    opt: str = 'O2'
    smp: int = 0  # harts of the machine; several: an image for up to MAX_HARTS, which finds out how many there are
    deadlines: bool = False  # the option of em_set_deadline()
    stats: bool = False  # of the dumps
    trace: bool = False  # recordings

    def __post_init__(self):
        if self.board not in BOARDS:
            raise EmError(f"unknown board '{self.board}'; there are: {', '.join(BOARDS)}")

    @property
    def is_host(self):
        return self.board == 'host'

    @property
    def folder(self):
        """Of hal/, and so meson's option `board`."""
        return FOLDERS.get(self.board, self.board)

    @property
    def key(self):
        """Its name below build/."""
        parts = [self.board] + ([] if self.is_host else [self.mode]) + [self.cc, self.opt]
        return '-'.join(parts + ([f'h{MAX_HARTS}'] if self.smp > 1 else []) + (['edf'] if self.deadlines else [])
                        + (['stats'] if self.stats else []) + (['trace'] if self.trace else []))

    def cross_file(self):
        return None if self.is_host else TREE / 'cross' / f'riscv64-{self.cc}.ini'

    def meson_args(self):
        args = [f'-Dboard={self.folder}', *OPTIMISATIONS[self.opt]]
        if not self.is_host:
            args += [f'-Dmode={self.mode}', '--cross-file', str(self.cross_file())]
        if self.smp > 1:
            args.append(f'-Dmax_harts={MAX_HARTS}')
        if self.deadlines:
            args.append('-Ddeadlines=true')
        if self.stats:
            args.append('-Dstats=true')
        if self.trace:
            args.append('-Dtrace=true')
        return args

    def build_packages(self):
        packages = ['meson', 'ninja-build']
        if self.cc == 'clang':
            packages += ['clang', 'lld', 'llvm']
        if self.is_host:
            return packages + ['gcc', 'libc6-dev']
        # Clang too links against the picolibc and libgcc of the GCC packages
        return packages + ['gcc-riscv64-unknown-elf', 'picolibc-riscv64-unknown-elf']

    def run_packages(self):
        return ['qemu-system-misc', 'opensbi'] if self.board == 'qemu_virt' else []


def all_configs(boards=('qemu_virt', 'host'), opts=('O2', 'Os')):
    """Every combination of compiler, optimisation and mode on @p boards."""
    return [Config(board, mode if board != 'host' else 'm', cc, opt)
            for board in boards for mode in BOARDS[board] for cc in COMPILERS for opt in opts]
