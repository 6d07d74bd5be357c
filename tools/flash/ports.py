# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Find the board's serial port, open it, and say why it cannot be opened."""
import errno
import fnmatch
import os
import re
import socket
from pathlib import Path

import serial
from serial.tools import list_ports

from .errors import FlashError
from .link import WRITE_LIMIT, Link

POLL = 0.05  # seconds that a port without a file descriptor waits at a time
PL2303 = 0x067b  # its adapters fail with the JH7110's BootROM (starfive-tech/Tools issue 6)
FILTER_KEYS = {'vid', 'pid', 'name', 'serial'}


class UnixPort:
    """A socket in the file system, as QEMU's `-serial unix:PATH,server` makes it."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(WRITE_LIMIT)
        self.socket.connect(path)

    def fileno(self):
        return self.socket.fileno()

    def write(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()


def describe(port):
    """One line about a port of list_ports."""
    usb = f'{port.vid:04x}:{port.pid:04x}' if port.vid is not None else '-'
    return f'{port.device}  {usb}  {port.serial_number or "-"}  {port.product or port.description or "-"}'


def matches(port, filters):
    for word in filters:
        key, _, value = word.partition('=')
        if key not in FILTER_KEYS or not value:
            raise FlashError('usage', f'--port-filter {word}', now='It is vid=HEX, pid=HEX, name=GLOB or serial=TEXT')
        if key in ('vid', 'pid'):
            if getattr(port, key) != int(value, 16):
                return False
        elif key == 'serial' and port.serial_number != value:
            return False
        elif key == 'name' and not fnmatch.fnmatch(os.path.basename(port.device), value):
            return False
    return True


def candidates(filters=(), listed=None):
    """USB adapters first, and built-in ports only when they were named by a filter."""
    listed = list_ports.comports() if listed is None else listed
    return [p for p in sorted(listed, key=lambda p: p.device) if matches(p, filters) and (filters or p.vid is not None)]


def choose(filters=(), listed=None):
    """The one port that can be meant."""
    found = candidates(filters, listed)
    if len(found) == 1:
        return found[0].device
    if not found:
        raise FlashError('port', 'no serial port found', 'no USB serial adapter' + (' fits the filter' * bool(filters)),
                         'Plug the adapter in, or name the port by --port')
    raise FlashError('port', f'{len(found)} serial ports found', '; '.join(map(describe, found)),
                     'Choose one by --port or --port-filter')


def warning_of(name, listed=None):
    """What is known to be wrong with this adapter, or None."""
    for port in list_ports.comports() if listed is None else listed:
        if port.device == name and port.vid == PL2303:
            return f'{name} is a PL2303: these fail with the BootROM of the JH7110; an FT232 works'
    return None


def open_link(name, filters=(), baud=115200, trace=None):
    """An open link. Without a name, to the only port that there is."""
    name = name or choose(filters)
    try:
        port = UnixPort(name[5:]) if name.startswith('unix:') else open_serial(name, baud)
    except OSError as e:  # pyserial's errors too
        raise refusal(name, e) from e
    except ValueError as e:
        raise FlashError('usage', f'--port {name}', str(e), 'It is a device, unix:PATH, or a URL of pyserial') from e
    try:
        return Link(port, open(trace, 'w', encoding='utf-8') if trace else None)
    except OSError as e:
        raise FlashError('usage', f'--trace {trace}', e.strerror) from e


def open_serial(name, baud):
    url = '://' in name
    more = {} if url else {'exclusive': True}
    if not name.startswith('rfc2217:'):  # which knows no such thing
        more['write_timeout'] = WRITE_LIMIT
    return serial.serial_for_url(name, baudrate=baud, timeout=POLL, rtscts=False, xonxoff=False, dsrdtr=False, **more)


def refusal(name, error):
    """Why it could not be opened, in words that help."""
    number = error.errno or number_in(str(error))
    if number == errno.ENOENT or 'No such file' in str(error):
        now = 'Is the adapter plugged in? `flash.py ports` lists what is there'
        return FlashError('port', f'{name} is missing', now=now)
    if number == errno.EACCES:
        return FlashError('port', f'no permission to use {name}', f'it belongs to the group {group_of(name)}',
                          f'Join it (sudo usermod -aG {group_of(name)} $USER), then log in again')
    if number == errno.ECONNREFUSED:
        return FlashError('port', f'nobody listens at {name}', now='Is QEMU (or the serial server) running?')
    if number in (errno.EBUSY, errno.EAGAIN) or 'lock' in str(error):
        who = holders(name)
        return FlashError('port', f'{name} is busy', f'used by {", ".join(who)}' if who else 'another program uses it',
                          'Close that program; if it is ModemManager: sudo systemctl stop ModemManager')
    return FlashError('port', f'{name} cannot be opened', str(error))


def number_in(text):
    found = re.search(r'Errno (\d+)', text)
    return int(found.group(1)) if found else 0


def group_of(name):
    try:
        return Path(name).group()
    except (OSError, KeyError):
        return 'dialout'


def holders(name):
    """The processes that have the port open, as far as we may look."""
    real = os.path.realpath(name)
    found = []
    for process in Path('/proc').glob('[0-9]*'):
        try:
            if any(os.path.realpath(fd) == real for fd in (process / 'fd').iterdir()):
                found.append(f'{(process / "comm").read_text().strip()} (pid {process.name})')
        except OSError:
            continue  # not ours, or gone
    return [who for who in found if not who.endswith(f'(pid {os.getpid()})')]
