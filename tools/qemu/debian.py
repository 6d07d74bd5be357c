# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Packages of a newer Debian than the machine's, fetched by apt into a folder: nothing is installed."""
import subprocess
from pathlib import Path

SUITES = {'trixie': ['http://deb.debian.org/debian trixie main',
                     'http://deb.debian.org/debian-security trixie-security main']}
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


class Archive:
    """A suite, with its own lists below @p folder; the system's apt state is neither read nor written."""

    def __init__(self, folder, suite='trixie', architecture=None):
        self.folder = Path(folder)
        self.suite = suite
        lists, cache = self.folder / 'lists', self.folder / 'cache'
        for empty in (lists / 'partial', cache / 'archives' / 'partial'):
            empty.mkdir(parents=True, exist_ok=True)
        self.sources = self.folder / 'sources.list'
        status = self.folder / 'status'
        status.touch()
        self.options = ['-o', f'Dir::Etc::SourceList={self.sources}', '-o', 'Dir::Etc::SourceParts=/dev/null',
                        '-o', f'Dir::State::Lists={lists}', '-o', f'Dir::State::Status={status}',
                        '-o', f'Dir::Cache={cache}', '-o', 'APT::Sandbox::User=root', '-qq',
                        '-o', 'APT::Update::Error-Mode=any']  # a mirror that is out of reach is an error
        if architecture:
            self.options += ['-o', f'APT::Architecture={architecture}', '-o', f'APT::Architectures={architecture}']
        self.updated = False

    def apt(self, *words):
        done = subprocess.run(['apt-get', *self.options, *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise RuntimeError(f"apt-get {' '.join(words)}:\n{done.stdout}")

    def update(self):
        """The lists. Without those of the security updates if their mirror is out of step, as it is at times."""
        if self.updated:
            return
        try:
            self.update_from(SUITES[self.suite])
        except RuntimeError:
            self.update_from(SUITES[self.suite][:1])
        self.updated = True

    def update_from(self, lines):
        self.sources.write_text(''.join(f'{kind} [signed-by={KEYRING}] {line}\n'
                                        for line in lines for kind in ('deb', 'deb-src')))
        self.apt('update')

    def version(self, source):
        """The version of source package @p source that the suite has."""
        self.update()
        text = subprocess.run(['apt-cache', *self.options, 'showsrc', source], cwd=self.folder, check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        found = [line.split()[1] for line in text.splitlines() if line.startswith('Version:')]
        if not found:
            raise RuntimeError(f'apt knows no source package {source} of {self.suite}')
        return found[0]

    def unpack(self, package, into):
        """The files of binary package @p package below @p into."""
        self.update()
        for old in self.folder.glob(f'{package}_*.deb'):
            old.unlink()
        self.apt('download', f'{package}/{self.suite}')
        deb = next(self.folder.glob(f'{package}_*.deb'))
        subprocess.run(['dpkg', '-x', str(deb), str(into)], check=True)

    def unpack_source(self, source, into):
        """Source package @p source as folder @p into."""
        self.update()
        for old in self.folder.glob(f'{source}_*'):
            old.unlink()
        self.apt('source', '--download-only', source)
        dsc = next(self.folder.glob(f'{source}_*.dsc'))
        subprocess.run(['dpkg-source', '-x', '--no-check', str(dsc), str(into)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for part in self.folder.glob(f'{source}_*'):
            part.unlink()
