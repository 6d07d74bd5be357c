# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A device under test: a process whose console is at our end of a socket pair, for pexpect to talk to.

What it must never do is stay behind: close() ends it, and the kernel ends it when we die.
"""
import ctypes
import re
import shlex
import signal
import socket
import subprocess
import threading

import pexpect
import pexpect.fdpexpect

LIMIT = 30  # seconds: for what takes none; a shared machine may be slow
# on the console these mean that waiting longer is in vain
BAD = ['panic', 'Unhandled exception', 'resetting \\.\\.\\.', 'ERROR: AddressSanitizer', 'runtime error:']


def die_with_us():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Dut:
    def __init__(self, command, log_path, watch=True, env=None):
        self.command = [str(c) for c in command]
        self.log_path = log_path
        self.bad = [re.compile(b.encode()) for b in BAD] if watch else []
        ours, theirs = socket.socketpair()
        self.socket = ours
        self.process = subprocess.Popen(self.command, stdin=theirs, stdout=theirs, env=env, preexec_fn=die_with_us)
        theirs.close()
        self.log_file = open(log_path, 'wb')
        self.console = pexpect.fdpexpect.fdspawn(ours.fileno(), timeout=LIMIT)
        self.console.logfile_read = self.log_file

    def expect(self, pattern, timeout=LIMIT):
        """Wait for a pattern (bytes). Fails at once when the console says that it will not come. The match."""
        which = self.console.expect([pattern, *self.bad], timeout=timeout)
        assert which == 0, f'{self.console.after!r} on the console while waiting for {pattern!r}'
        return self.console.match

    def send(self, data):
        """Type @p data (bytes), as fast as it is taken, while we go on to read."""
        threading.Thread(target=self._send, args=(data,), daemon=True).start()

    def _send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # it has ended: who waits for an answer sees that

    def rest(self, timeout=LIMIT):
        """All that it still prints, to its end."""
        self.console.expect(pexpect.EOF, timeout=timeout)
        return self.console.before

    def status(self, timeout=LIMIT):
        """The exit status."""
        return self.process.wait(timeout)

    def log(self):
        self.log_file.flush()
        return self.log_path.read_bytes().decode('utf-8', 'backslashreplace')

    def repeat(self):
        return shlex.join(self.command)

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        try:
            self.console.expect(pexpect.EOF, timeout=1)  # the rest, into the log
        except pexpect.ExceptionPexpect:
            pass
        self.socket.close()
        self.log_file.close()
