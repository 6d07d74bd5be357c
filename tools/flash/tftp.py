# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A TFTP server that gives out one file, once: RFC 1350, with the block size of RFC 2348 and 2349's tsize.

It answers from the port at which it was asked, which firewalls and QEMU's user network like.
"""
import socket
import struct
import threading

RRQ, DATA, ACK, ERROR, OACK = 1, 3, 4, 5, 6
LIMIT = 1.0  # seconds to wait for an acknowledgement
RESENDS = 8


class Server(threading.Thread):
    def __init__(self, name, data, address='', port=69):
        super().__init__(daemon=True)
        self.name_given, self.data = name, data
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.port = self.socket.getsockname()[1]
        self.sent = 0      # bytes that were acknowledged
        self.stopped = False

    def run(self):
        self.socket.settimeout(0.2)
        while not self.stopped:
            try:
                request, client = self.socket.recvfrom(2048)
            except TimeoutError:
                continue
            except OSError:
                return
            if len(request) > 2 and struct.unpack_from('>H', request)[0] == RRQ:
                self._serve(request[2:].split(b'\0'), client)

    def stop(self):
        self.stopped = True
        self.join()
        self.socket.close()

    def _serve(self, words, client):
        if words[0].decode('ascii', 'replace').lstrip('/') != self.name_given:
            self.socket.sendto(struct.pack('>HH', ERROR, 1) + b'no such file\0', client)
            return
        options = {k.lower(): v for k, v in zip(words[2::2], words[3::2])}
        size = 512
        accepted = b''
        if options.get(b'blksize', b'').isdigit():
            size = max(8, min(int(options[b'blksize']), 1468))
            accepted += b'blksize\0%d\0' % size
        if b'tsize' in options:
            accepted += b'tsize\0%d\0' % len(self.data)
        if accepted and not self._send(struct.pack('>H', OACK) + accepted, 0, client):
            return
        for number in range(1, len(self.data) // size + 2):
            piece = self.data[(number - 1) * size:number * size]
            if not self._send(struct.pack('>HH', DATA, number & 0xffff) + piece, number & 0xffff, client):
                return
            self.sent += len(piece)

    def _send(self, message, number, client):
        """Send until it is acknowledged. False: the client is gone."""
        self.socket.settimeout(LIMIT)
        try:
            for _ in range(RESENDS):
                self.socket.sendto(message, client)
                if self._acknowledged(number, client):
                    return True
                if self.stopped:
                    return False
            return False
        finally:
            self.socket.settimeout(0.2)

    def _acknowledged(self, number, client):
        while True:
            try:
                answer, sender = self.socket.recvfrom(2048)
            except TimeoutError:
                return False
            if sender == client and answer[:4] == struct.pack('>HH', ACK, number):
                return True
            if sender == client and answer[:2] == struct.pack('>H', ERROR):
                self.stopped = True
                return False
