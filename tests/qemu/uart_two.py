#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Talk to uart_two.c on both its ports: first one byte each, then 64 KiB on both at the same time."""
import os
import socket
import subprocess
import sys
import threading

LIMIT = 30


def read_exactly(sock, n):
    got = b''
    while len(got) < n:
        piece = sock.recv(n - len(got))
        if not piece:
            sys.exit(f'*** the port closed after {got[-200:]!r}')
        got += piece
    return got


def expect(sock, text):
    got = read_exactly(sock, len(text))
    if got != text:
        sys.exit(f'*** {got[:80]!r} instead of {text[:80]!r}')


def echoed(sock, data, wrong):
    sender = threading.Thread(target=sock.sendall, args=(data,), daemon=True)
    sender.start()
    got = b''
    try:
        while len(got) < len(data):
            got += sock.recv(len(data))
    except OSError:
        pass
    if got != data:
        wrong.append(next((i for i, (a, b) in enumerate(zip(got, data)) if a != b), len(got)))


def run(console, card):
    expect(console, b'ready\n')
    expect(card, b'card\n')  # written after a long idle, without anything received
    for port in card, console:  # the reader waits; one byte wakes it
        port.sendall(b'x')
        expect(port, b'x')
    wrong = []
    threads = [threading.Thread(target=echoed, daemon=True, args=(
        port, os.urandom(65536).replace(b'\x04', b'-'), wrong)) for port in (console, card)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        sys.exit(f'*** the echo differs, or ends, at byte {wrong}')
    console.sendall(b'\x04')


def main():
    run_qemu, elf = sys.argv[1:]
    console, theirs = socket.socketpair()
    card, card_theirs = socket.socketpair()
    for port in console, card:
        port.settimeout(LIMIT)
    os.set_inheritable(card_theirs.fileno(), True)
    process = subprocess.Popen(
        [run_qemu, '--timeout', '100', '--qemu-arg=-chardev', f'--qemu-arg=socket,id=card,fd={card_theirs.fileno()}',
         '--qemu-arg=-device', '--qemu-arg=pci-serial,chardev=card,addr=1', elf],
        stdin=theirs, stdout=theirs, close_fds=False)
    try:
        run(console, card)
        status = process.wait(LIMIT)
    finally:
        process.terminate()
        process.wait()
    print(f'status {status}')
    return 0 if status == 7 else 1


if __name__ == '__main__':
    sys.exit(main())
