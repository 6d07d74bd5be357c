# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The bytes that go to the board and come from it: with time limits, a log, and the loss of the port as an error."""
import contextlib
import errno
import os
import select
import time

from .errors import LinkLost

WRITE_LIMIT = 10  # seconds for the driver to take what is written


class Link:
    """Around an open port, which is one of pyserial's or has their write(), close() and perhaps fileno()."""

    def __init__(self, port, trace=None):
        self.port = port
        self.trace = trace
        self.pushed = b''
        self.begin = time.monotonic()
        try:
            self.fd = port.fileno()
        except (AttributeError, OSError, NotImplementedError):
            self.fd = None  # rfc2217:// and the like: a thread of pyserial reads them

    def read(self, timeout):
        """What has come, at least one byte; nothing after @p timeout seconds."""
        if self.pushed:
            data, self.pushed = self.pushed, b''
            return data
        try:
            data = self._read_fd(timeout) if self.fd is not None else self._read_port(timeout)
        except OSError as e:  # pyserial's errors too
            raise LinkLost(str(e)) from e
        self._log('<', data)
        return data

    def unread(self, data):
        """The next read() gives it again."""
        self.pushed = data + self.pushed

    def _read_fd(self, timeout):
        end = time.monotonic() + timeout
        while select.select([self.fd], [], [], max(0.0, end - time.monotonic()))[0]:
            with contextlib.suppress(BlockingIOError):
                data = os.read(self.fd, 65536)
                if not data:
                    raise OSError(errno.EPIPE, 'end of file: nobody is at the other end')
                return data
        return b''

    def _read_port(self, timeout):
        end = time.monotonic() + timeout
        while not (data := self.port.read(max(1, self.port.in_waiting))) and time.monotonic() < end:
            pass  # read() waits as long as ports.py told it to
        return data

    def write(self, data):
        self._log('>', data)
        try:
            self.port.write(data)
        except OSError as e:
            raise LinkLost(str(e)) from e

    def drain(self, quiet=0.05, limit=2.0):
        """Throw away what has come, until nothing comes for @p quiet seconds."""
        end = time.monotonic() + limit
        seen = b''
        while time.monotonic() < end and (data := self.read(quiet)):
            seen += data
        return seen

    def set_baud(self, baud):
        """Nothing where there is no such thing, as on a socket."""
        with contextlib.suppress(AttributeError, ValueError, OSError):
            self.port.baudrate = baud

    def close(self):
        with contextlib.suppress(OSError):
            self.port.close()
        if self.trace:
            self.trace.close()

    def _log(self, way, data):
        if self.trace and data:
            self.trace.write(f'{time.monotonic() - self.begin:9.3f} {way} {data!r}\n')
            self.trace.flush()
