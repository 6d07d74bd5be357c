# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A client of a GDB stub (QEMU's, OpenOCD's), for looks at memory that are too many for GDB.

Ref: GDB's manual, appendix E "GDB Remote Serial Protocol".
"""
import re
import select
import socket

from errors import FAILED, EmError

LIMIT = 20   # seconds, for an answer
STOPPED = re.compile(r'[ST][0-9a-f]{2}')
PIECE = 1024  # bytes at a time: QEMU's packets have up to 4096 digits


class Gone(Exception):
    """The stub has ended, with its program."""


def at_path(path):
    found = socket.socket(socket.AF_UNIX)
    found.connect(path)
    return found


class Stub:
    """Connected: the program stands still until go()."""

    def __init__(self, place):
        try:
            self.socket = self.connected(place)
        except (OSError, ValueError) as error:
            raise EmError(f'no GDB stub at {place}: {error}', FAILED) from error
        self.waiting = b''
        self.acknowledge = True
        self.ask('?')
        if self.ask('QStartNoAckMode') == 'OK':
            self.acknowledge = False

    @staticmethod
    def connected(place):
        if '/' in place:
            return at_path(place)
        host, _, port = place.rpartition(':')
        return socket.create_connection((host or 'localhost', int(port)), LIMIT)

    def close(self):
        self.socket.close()

    def send(self, packet):
        data = packet.encode()
        self.put(b'$%s#%02x' % (data, sum(data) & 0xff))

    def put(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Gone from error

    def receive(self, seconds=LIMIT):
        """The next packet; None: none came in time."""
        while True:
            begin = self.waiting.find(b'$')
            end = self.waiting.find(b'#', begin + 1) if begin >= 0 else -1
            if 0 <= end and end + 3 <= len(self.waiting):
                packet, self.waiting = self.waiting[begin + 1:end], self.waiting[end + 3:]
                if self.acknowledge:
                    self.put(b'+')
                return packet.decode('latin-1')
            if not select.select([self.socket], [], [], seconds)[0]:
                return None
            try:
                data = self.socket.recv(65536)
            except OSError:
                data = b''
            if not data:
                raise Gone
            self.waiting += data

    def ask(self, packet):
        self.send(packet)
        answer = self.receive()
        while answer and STOPPED.match(answer) and packet != '?':
            answer = self.receive()  # said by itself: QEMU stops a program that runs when somebody connects
        if answer is None:
            raise EmError(f'the GDB stub does not answer {packet[:20]}', FAILED)
        return answer

    def read(self, address, size):
        found = b''
        while len(found) < size:
            answer = self.ask(f'm{address + len(found):x},{min(PIECE, size - len(found)):x}')
            if len(answer) < 2 or answer.startswith('E'):
                raise EmError(f'the GDB stub reads nothing at {address + len(found):#x}: {answer}', FAILED)
            found += bytes.fromhex(answer)
        return found

    def stop_at(self, address, there=True):
        """A breakpoint, or none any more."""
        self.ask(f'{"Z" if there else "z"}0,{address:x},4')

    def go(self):
        self.send('c')

    def stopped(self, seconds):
        """After go(): did it stop by itself within so many seconds?"""
        answer = self.receive(seconds)
        if answer and answer[0] in 'WX':
            raise Gone
        return answer is not None

    def halt(self):
        """After go(). True: it had stopped by itself."""
        if self.stopped(0):
            return True
        self.put(b'\x03')
        answer = self.receive()
        if answer is None:
            raise EmError('the GDB stub does not stop the program', FAILED)
        if answer[0] in 'WX':
            raise Gone
        return False

    def detach(self):
        """Let it go on without us."""
        try:
            self.ask('D')
        except Gone:
            pass
        self.close()
