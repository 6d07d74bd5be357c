# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A VisionFive 2 that starts from its flash, as on the desk: boot ROM, SPL, OpenSBI, U-Boot; and flash.py beside it."""
import json
import socket
import subprocess
import sys

import machines
import pexpect.fdpexpect
from config import TREE
from dut import die_with_us

FLASH = TREE / 'tools' / 'flash.py'


def flash_py(*words, status=0):
    """Run the tool. What it reports, and what it said."""
    done = subprocess.run([FLASH, *map(str, words), '--json', '--no-progress'], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=150)
    assert done.returncode == status, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1]), done.stderr


class Board:
    """Its power switch, its serial line (a socket), and its flash and card (files), which keep what is written."""

    def __init__(self, folder, nor, card=None):
        self.nor, self.card = nor, card
        self.line = folder / 'line'
        self.console = folder / 'console.log'
        self.process = None

    def on(self):
        self.line.unlink(missing_ok=True)
        drive = ['-drive', f'if=sd,index=1,format=raw,file={self.card}'] if self.card else []
        self.process = subprocess.Popen(
            [machines.VisionFive2().qemu(), '-machine', f'visionfive2,boot-mode=0,flash={self.nor},flash-writable=on',
             '-display', 'none', '-monitor', 'none', *drive,
             '-chardev', f'socket,id=line,path={self.line},server=on,wait=on,logfile={self.console}',
             '-serial', 'chardev:line'], stdin=subprocess.DEVNULL, stderr=sys.stderr, preexec_fn=die_with_us)
        while not self.line.exists():
            assert self.process.poll() is None

    def off(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def type(self, *commands, until):
        """From power on to power off, at U-Boot's prompt. What was on the console."""
        self.on()
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(self.line))
                console = pexpect.fdpexpect.fdspawn(line.fileno(), timeout=60)
                console.expect('stop autoboot')
                console.send(' ')
                for command in commands:
                    console.expect('StarFive # ')
                    console.send(command + '\r')
                console.expect(until)
        finally:
            self.off()
        return self.console.read_text(errors='backslashreplace')

    def flash(self, *words, status=0):
        """From power on to power off, with flash.py at the line. Its report, what it said, what was on the console."""
        self.on()
        try:
            report, said = flash_py(*words, '--port', f'unix:{self.line}', '--timeout', '20', status=status)
        finally:
            self.off()
        return report, said, self.console.read_text(errors='backslashreplace')
