# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A serial cable between the tool and a board that goes on without it: pulled after so many bytes, or a bad one."""
import contextlib
import random
import select
import socket
import threading


class Cable(threading.Thread):
    """The tool's end is a socket in the file system, as often as it is opened; @p board is the board's, connected.

    Pulled: the port is gone (the adapter was pulled), or it stays and nothing passes (the wires were), `silent`.
    """

    def __init__(self, path, board):
        super().__init__(daemon=True)
        self.path, self.board = str(path), board
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen(4)
        self.tool = None
        self.ending = False
        self.passing = threading.Lock()
        self.mend()

    def mend(self):
        """As new: nothing is lost, nothing changed. What is on its way passes the old one, or the new one."""
        with self.passing:
            self._mend()

    def _mend(self):
        self.dead = self.silent = False
        self.cut_at = None   # bytes, of both ways together
        self.cut_after = None  # a word that the tool sends
        self.count = self.changed = 0
        self.sent = b''
        self.drop = self.flip = 0.0
        self.random = random.Random(1)

    def pull(self):
        self.cut_at = self.cut_after = None
        self.dead = True
        if not self.silent:
            self._close()

    def _close(self):
        if self.tool:
            self.tool.close()
        self.tool = None

    def run(self):
        while not self.ending:
            ends = [self.server, self.board] + ([self.tool] if self.tool else [])
            for end in select.select(ends, [], [], 0.1)[0]:
                if end is self.server:
                    self._close()
                    self.tool = self.server.accept()[0]
                elif end is self.board:
                    data = self._read(end)
                    if not data:  # there is no board any more
                        return self.pull()
                    self._pass_on(data, lambda data: self.tool and self.tool.sendall(data))
                elif end is self.tool:
                    data = self._read(end)
                    if not data:
                        self._close()
                    self._pass_on(data, self.board.sendall)
        return None

    def _read(self, end):
        try:
            return end.recv(4096)
        except OSError:
            return b''

    def _pass_on(self, data, send):
        with self.passing:  # a pull by these bytes is over before the cable is mended
            self._pass_through(data, send)

    def _pass_through(self, data, send):
        if self.dead or not data:
            return
        cut = self.cut_at is not None and self.count + len(data) >= self.cut_at
        data = data[:self.cut_at - self.count] if cut else data
        self.count += len(data)
        if send == self.board.sendall and self.cut_after:
            self.sent += data
            cut = cut or self.cut_after in self.sent
        with contextlib.suppress(OSError):
            send(self._worn(data))
        if cut:
            self.pull()

    def _worn(self, data):
        if not (self.drop or self.flip):
            return data
        out = bytearray()
        for byte in data:
            if self.random.random() < self.flip:
                byte ^= 1 << self.random.randrange(8)
                self.changed += 1
            if self.random.random() >= self.drop:
                out.append(byte)
            else:
                self.changed += 1
        return bytes(out)

    def hear(self, words):
        """Listen at the tool's end until the board has said @p words."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.path)
            line.settimeout(20)
            heard = b''
            while words not in heard:
                assert len(heard) < 65536, heard[-200:]
                heard += line.recv(4096)

    def close(self):
        self.ending = True
        self.join(5)
        self._close()
        self.server.close()
        self.board.close()
