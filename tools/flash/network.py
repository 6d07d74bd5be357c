# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Ways into RAM that do not go over the serial line: TFTP, and a FAT partition of a card or a disk."""
import os
import shutil
import socket
import time
from pathlib import Path

from .errors import FlashError
from .tftp import Server

LIMIT = 60.0  # seconds for a transfer by TFTP before its bytes count
SPEED = 100 * 1024


def load(session, args, found, progress):
    (by_tftp if args.via == 'tftp' else by_fat)(session, args, found, progress)


def by_fat(session, args, found, progress):
    if not args.source:
        raise FlashError('usage', '--via fat needs --from', now='For example --from mmc:1:1, a partition with the file')
    session.uboot.need('fatload')
    kind, _, where = args.source.partition(':')
    if kind == 'virtio':
        session.console.run('virtio scan', check=False)
    reply = session.console.run(f'fatload {kind} {where} {found.address:x} {found.path.name}',
                                session.console.timeout + len(found.data) / SPEED)
    if f'{len(found.data)} bytes read' not in reply.text:
        raise FlashError('mismatch', f'{args.source} has another {found.path.name}', reply.text[-80:],
                         'Copy the file there again')


def by_tftp(session, args, found, progress):
    uboot = session.uboot
    uboot.need('tftpboot')
    set_addresses(session, args)
    name = f'em-{found.crc:08x}.bin'
    with served(args, name, found.data, uboot) as progress_of:
        progress.say(f'{found.path.name} -> 0x{found.address:x} (tftp)')
        begin = time.monotonic()
        try:
            reply = session.console.run(f'tftpboot {found.address:x} {name}', LIMIT + len(found.data) / SPEED)
        except FlashError as e:
            if e.kind == 'no-answer':
                session.console.connect()
            raise FlashError('transfer', f'{found.path.name} did not come by TFTP', str(e) + progress_of(),
                             'Is the cable in, the server reachable, UDP port 69 open?') from e
        if f'= {len(found.data)} (' not in reply.text:
            raise FlashError('transfer', 'TFTP brought another file', reply.text[-120:], 'Is it the right server?')
        progress.say(f'{len(found.data)} bytes in {time.monotonic() - begin:.1f} s')


def set_addresses(session, args):
    """The board's address and the server's, as given or by DHCP."""
    uboot, console = session.uboot, session.console
    if args.ip and args.ip != 'dhcp':
        uboot.setenv('ipaddr', args.ip)
    elif not uboot.env('ipaddr'):
        uboot.need('dhcp')
        uboot.setenv('autoload', 'no')
        if console.run('dhcp', LIMIT, check=False).status or not uboot.env('ipaddr'):
            raise FlashError('transfer', 'the board got no address by DHCP', now='Give it one: --ip, and --server-ip')
    server = args.server_ip or (None if args.tftp_dir else own_address(uboot.env('ipaddr')))
    if server:
        uboot.setenv('serverip', server)
    elif not uboot.env('serverip'):
        raise FlashError('usage', 'no TFTP server', now='Give its address: --server-ip')


def own_address(board):
    """Ours, as the board sees it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.connect((board, 9))
        except OSError as e:
            raise FlashError('usage', f'{board} cannot be reached', e.strerror, 'Give --server-ip') from e
        return s.getsockname()[0]


class served:
    """The file at a TFTP server: in the folder of one that runs, or at our own."""

    def __init__(self, args, name, data, uboot):
        self.folder, self.name, self.data, self.port = args.tftp_dir, name, data, args.tftp_port
        self.server, self.path = None, None
        self.uboot = uboot

    def __enter__(self):
        if self.folder:
            self.path = Path(self.folder, self.name)
            fresh = self.path.with_suffix('.new')
            try:
                fresh.write_bytes(self.data)
                shutil.move(fresh, self.path)
            except OSError as e:
                raise FlashError('usage', f'--tftp-dir {self.folder}', e.strerror) from e
            return lambda: ''
        try:
            self.server = Server(self.name, self.data, port=self.port)
        except OSError as e:
            raise FlashError('usage', f'no TFTP server at UDP port {self.port}', e.strerror,
                             'As root, or with a server that runs: --tftp-dir its folder') from e
        if self.port != 69:
            self.uboot.setenv('tftpdstp', str(self.server.port))
        self.server.start()
        return lambda: f'; {self.server.sent} of {len(self.data)} bytes were taken'

    def __exit__(self, *_):
        if self.server:
            self.server.stop()
        if self.path and self.path.exists():
            os.unlink(self.path)
