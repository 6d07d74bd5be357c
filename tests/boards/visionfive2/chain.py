# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A VisionFive 2 that starts from its flash, as on the desk: boot ROM, SPL, OpenSBI, U-Boot; and flash.py beside it."""
import contextlib
import io
import json
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import app
import debug
import machines
import pexpect.fdpexpect
from cable import Cable
from config import TREE
from dut import die_with_us
from flash.cli import main

FLASH = TREE / 'tools' / 'flash.py'
# U-Boot, which polls, has 32 ns an instruction: what it waits for takes a fifth of the time
QUICK = ['-icount', 'shift=5,sleep=off']
HELLO = ['--expect', 'hello from the image', '--expect-timeout', '30']


def flash_py(*words, status=0):
    """Run the tool. What it reports, and what it said."""
    done = subprocess.run([FLASH, *map(str, words), '--json', '--no-progress'], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=150)
    assert done.returncode == status, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1]), done.stderr


def flash_here(*words, status=0):
    """The same in this process, without its start. What it reports, what it said."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(err):
        got = main([*map(str, words), '--json', '--no-progress'], out=out)
    assert got == status or status is None, err.getvalue()[-2000:]
    return SimpleNamespace(err=err.getvalue(), **json.loads(out.getvalue().strip().splitlines()[-1]))


def firmware_file(name):
    return f'{machines.output_of("firmware")}/{name}'


def uboot_files():
    return ['--spl', firmware_file('u-boot-spl.bin.normal.out'), '--uboot', firmware_file('u-boot.itb')]


def hello(folder, size=0, board='visionfive2'):
    """A small image in a file, which says hello and returns 5."""
    path = folder / f'{board}-{size}.elf'
    path.write_bytes(app.build(board, size))
    return path


def sold(folder, *words):
    """The content of its flash as a board is sold, in a file. @p words: more for `image --nor`."""
    nor = folder / 'nor.img'
    flash_here('image', '--nor', *uboot_files(), *words, '-o', nor, hello(folder))
    return nor


@contextlib.contextmanager
def at_cable(folder, nor, server=None, more=(), **how):
    """A board that is on, quick, with a cable to it: `words` are flash.py's to reach it. It ends with the block.

    @p server: a path, where its debug server is to be.
    """
    gdb = ['-gdb', f'unix:{server},server=on,wait=off'] if server else []
    board = Board(folder, nor, more=[*QUICK, *gdb, *more], **how)
    board.on()
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(board.line))
    board.cable = Cable(folder / 'cable', line)
    board.cable.start()
    board.folder = folder
    board.words = ['--port', f'unix:{board.cable.path}', '--timeout', '20', '--connect-attempts', '3']
    try:
        if server:  # QEMU opens it when it has the line
            debug.listening(server, board.process)
        yield board
    finally:
        board.cable.close()
        board.off()


class Board:
    """Its power switch, its serial line (a socket), and its flash and card (files), which keep what is written."""

    def __init__(self, folder, nor, card=None, switches=0, bios=None, more=()):
        self.nor, self.card = nor, card
        self.switches, self.more = switches, [*more, *(['-bios', bios] if bios else [])]
        self.line = folder / 'line'
        self._console = folder / 'console.log'
        self.process = None

    def on(self):
        self.line.unlink(missing_ok=True)
        drive = ['-drive', f'if=sd,index=1,format=raw,file={self.card}'] if self.card else []
        self.process = subprocess.Popen(
            [machines.VisionFive2().qemu(), '-machine',
             f'visionfive2,boot-mode={self.switches},bios-addr=0x08000000,flash={self.nor},flash-writable=on',
             '-display', 'none', '-monitor', 'none', *drive, *self.more,
             '-chardev', f'socket,id=line,path={self.line},server=on,wait=on,logfile={self._console}',
             '-serial', 'chardev:line'], stdin=subprocess.DEVNULL, stderr=sys.__stderr__, preexec_fn=die_with_us)
        debug.listening(self.line, self.process)

    def said(self, words):
        """All that was on the console, once @p words are. Who is at the line may see them before they are logged."""
        end = time.monotonic() + 30
        while True:
            on = self.process.poll() is None and time.monotonic() < end
            if words in (text := self._log()):
                return text
            assert on, text[-2000:]
            time.sleep(0.05)

    def off(self):
        """All that was on the console. Not by a signal that kills: what the line has is in the log then."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None
        return self._log()

    def _log(self):
        return self._console.read_text(errors='backslashreplace') if self._console.exists() else ''

    def type(self, *commands, until):
        """From power on to power off, at U-Boot's prompt. What was on the console."""
        self.on()
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(self.line))
                typist = pexpect.fdpexpect.fdspawn(line.fileno(), timeout=60)
                typist.expect('stop autoboot')
                typist.send(' ')
                for command in commands:
                    typist.expect('StarFive # ')
                    typist.send(command + '\r')
                typist.expect(until)
        finally:
            console = self.off()
        return console

    def flash(self, *words, status=0):
        """From power on to power off, with flash.py at the line. Its report, what it said, what was on the console."""
        self.on()
        try:
            report, said = flash_py(*words, '--port', f'unix:{self.line}', '--timeout', '20', status=status)
        finally:
            console = self.off()
        return report, said, console
