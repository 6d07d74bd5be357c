# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The board's end of a serial line, at a socket in the file system. The board does not notice when the cable is pulled.

Faults: the line is cut after a number of bytes (both ways together), by closing it or by silence; bytes are changed or
lost, by a generator of random numbers that each test seeds.
"""
import random
import select
import socket
import threading
import time


class Uart:
    def __init__(self, path):
        self.path = str(path)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen(4)
        self.line = None
        self.stopped = False
        self.buffer = bytearray()
        self.heard = bytearray()   # all that came, for tests to look at
        self.count = 0
        self.cut_at = None         # bytes over the line
        self.silent = False        # the cut leaves the line open
        self.dead = False
        self.flip = self.drop = 0.0
        self.random = random.Random(1)
        self.passing = threading.Lock()
        self.spoken = threading.Event()  # the board has said something to who listens

    def mend(self):
        """No cut is left to come: one that a byte is at comes before."""
        with self.passing:
            self.cut_at = None
            self.dead = False

    def getc(self, timeout=None):
        """A byte, or None when none came in time. The line may come and go meanwhile."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self.buffer:
            if self.stopped:
                raise Stopped
            left = 0.2 if end is None else min(0.2, end - time.monotonic())
            if left <= 0:
                return None
            self._wait(left)
        return bytes([self.buffer.pop(0)])

    def wait_line(self):
        """Until somebody listens: who powers a board on looks at it."""
        while not self.line:
            if self.stopped:
                raise Stopped
            self._wait(0.2)

    def _wait(self, seconds):
        watched = [self.server] + ([self.line] if self.line else [])
        for ready in select.select(watched, [], [], seconds)[0]:
            if ready is self.server:
                self._hang_up()
                self.line = self.server.accept()[0]
                self.dead = False
                return  # the line that was ready may be the one before
            try:
                data = self.line.recv(4096)
            except OSError:
                data = b''
            if not data:
                self._hang_up()
                return
            for byte in data:
                self._over(bytes([byte]), self._take)

    def _take(self, byte):
        self.heard += byte
        self.buffer += byte

    def _hang_up(self):
        if self.line:
            self.line.close()
        self.line = None

    def _over(self, byte, deliver):
        """One byte over the line, with its faults."""
        with self.passing:
            self.count += 1
            if self.cut_at is not None and self.count > self.cut_at:
                self.cut_at = None
                self.dead = True
                if not self.silent:
                    self._hang_up()
        if self.dead or self.random.random() < self.drop:
            return
        if self.random.random() < self.flip:
            byte = bytes([byte[0] ^ 1 << self.random.randrange(8)])
        deliver(byte)

    def put(self, data):
        data = data.encode() if isinstance(data, str) else data
        if self.flip or self.drop or self.cut_at is not None or self.dead:
            for byte in data:
                self._over(bytes([byte]), self._send)
        else:
            self.count += len(data)
            self._send(data)
        self.spoken.set()

    def _send(self, data):
        if self.line:
            try:
                self.line.sendall(data)
            except OSError:
                self._hang_up()

    def close(self):
        self.stopped = True
        self._hang_up()
        self.server.close()


class Stopped(Exception):
    pass


class Board(threading.Thread):
    """Something at the other end of the line, until the test ends."""

    def __init__(self, uart):
        super().__init__(daemon=True)
        self.uart = uart
        self.failure = None

    def run(self):
        try:
            self.uart.wait_line()
            self.life()
        except (Stopped, OSError, ValueError) as e:
            if not self.uart.stopped:
                self.failure = e
                raise

    def stop(self):
        self.uart.stopped = True
        self.join(5)
        self.uart.close()
