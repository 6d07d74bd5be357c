# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How far it is: a bar at a terminal (rich, if it is there), plain lines elsewhere, nothing with --quiet."""
import contextlib
import sys
import time

STEP = 0.1  # of the whole, between two plain lines


class Progress:
    def __init__(self, quiet=False, plain=False, out=None):
        self.out = out or sys.stderr
        self.quiet = quiet
        self.rich = None if quiet or plain or not self.out.isatty() else import_rich()

    def say(self, text):
        if not self.quiet:
            print(f'flash: {text}', file=self.out, flush=True)

    @contextlib.contextmanager
    def task(self, title, total):
        """Gives a function that is told how many of @p total bytes are done."""
        if self.rich:
            yield from self._bar(title, total)
        elif self.quiet:
            yield lambda done: None
        else:
            yield Plain(self, title, total).update

    def _bar(self, title, total):
        from rich.console import Console
        from rich.progress import (BarColumn, DownloadColumn, Progress as Bar, TextColumn, TimeRemainingColumn,
                                   TransferSpeedColumn)
        columns = (TextColumn('{task.description}'), BarColumn(), DownloadColumn(binary_units=True),
                   TransferSpeedColumn(), TimeRemainingColumn())
        with Bar(*columns, console=Console(file=self.out)) as bar:
            task = bar.add_task(title, total=total)
            yield lambda done: bar.update(task, completed=done)


class Plain:
    def __init__(self, progress, title, total):
        self.progress, self.title, self.total = progress, title, total
        self.next = 0.0
        self.begin = time.monotonic()

    def update(self, done):
        part = done / self.total if self.total else 1.0
        if part >= self.next or done == self.total:
            rate = done / max(time.monotonic() - self.begin, 1e-3) / 1024
            self.progress.say(f'{self.title}: {part:4.0%} of {self.total} bytes, {rate:.1f} KiB/s')
            self.next = part + STEP if done < self.total else 2.0


def import_rich():
    try:
        import rich.progress
        return rich
    except ImportError:
        return None
