#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Type to uart_break.c and, by QEMU's monitor, break its line: each break is told once, in its place."""
import os
import socket
import subprocess
import sys

LIMIT = 30


class Talk:
    def __init__(self, sock):
        self.sock = sock
        self.seen = b''

    def wait_for(self, text):
        while text not in self.seen:
            piece = self.sock.recv(4096)
            if not piece:
                sys.exit(f'*** the end instead of {text!r}, after {self.seen!r}')
            self.seen += piece
        before, self.seen = self.seen.split(text, 1)
        return before


def run(console, monitor):
    def break_line():
        monitor.sock.sendall(b'chardev-send-break console\n')
        monitor.wait_for(b'(qemu)')

    monitor.wait_for(b'(qemu)')
    console.wait_for(b'ready\n')
    break_line()  # with nothing before it, whose interrupt could tell
    console.wait_for(b'EM_ERR_IO, event 8\n')
    for text in b'a', b'b', b'c':
        console.sock.sendall(text)
        if console.wait_for(b'byte ' + text + b'\n'):
            sys.exit('*** something else came between')
    break_line()
    console.wait_for(b'EM_ERR_IO, event 8\n')
    console.sock.sendall(b'q')
    console.wait_for(b'breaks 2\n')


def main():
    run_qemu, elf = sys.argv[1:]
    pairs = [socket.socketpair() for _ in range(2)]
    for ours, theirs in pairs:
        ours.settimeout(LIMIT)
        os.set_inheritable(theirs.fileno(), True)
    (console, console_end), (monitor, monitor_end) = pairs
    process = subprocess.Popen(
        [run_qemu, '--timeout', '100', '--qemu-arg=-chardev',
         f'--qemu-arg=socket,id=monitor,fd={monitor_end.fileno()}',
         '--qemu-arg=-mon', '--qemu-arg=chardev=monitor', elf], stdin=console_end, stdout=console_end, close_fds=False)
    try:
        run(Talk(console), Talk(monitor))
        status = process.wait(LIMIT)
    finally:
        process.terminate()
        process.wait()
    print(f'status {status}')
    return 0 if status == 7 else 1


if __name__ == '__main__':
    sys.exit(main())
