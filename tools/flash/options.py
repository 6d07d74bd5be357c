# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The options of the command line: groups that commands share. Each can also be given as EMISSARY_NAME."""
import argparse
import os

from .boards import BOARDS


def number(word):
    try:
        value = int(word, 0)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f'{word!r} is no number (hexadecimal ones begin with 0x)')
    return value


def seconds(word):
    try:
        if 0 < float(word) < 1e6:
            return float(word)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f'{word!r} is no number of seconds')


def connection(parser):
    g = parser.add_argument_group('connection')
    g.add_argument('-p', '--port', metavar='PORT', help='a device, a pty, unix:PATH (a socket of QEMU), or a URL of '
                   'pyserial such as socket://HOST:PORT or rfc2217://HOST:PORT; default: the only USB adapter there is')
    g.add_argument('--port-filter', metavar='KEY=VALUE', action='append', default=[],
                   help='which adapter: vid=HEX, pid=HEX, name=GLOB or serial=TEXT; may be repeated')
    g.add_argument('-b', '--baud', type=number, default=115200, metavar='N', help='speed of the console (115200)')
    g.add_argument('--transfer-baud', type=number, default=0, metavar='N',
                   help='speed of ymodem, xmodem, srec and kermit transfers; U-Boot switches to it and back')
    g.add_argument('--prompt', metavar='RE',
                   help="the prompt, if it is none of the known ones (`=> `, `StarFive # `, ...)")
    g.add_argument('--autoboot-key', metavar='TEXT',
                   help='what stops the autoboot, if its text does not say it; \\n and '
                   '\\x1b are understood')
    g.add_argument('--timeout', type=seconds, default=10.0, metavar='S', help='how long to wait for an answer (10)')
    g.add_argument('--connect-attempts', type=number, default=3, metavar='N',
                   help='how often to wait so long for the prompt (3): reset the board meanwhile')
    g.add_argument('--retries', type=number, default=100, metavar='N', help='how often a block is sent again (100)')


def common(parser):
    g = parser.add_argument_group('in general')
    g.add_argument('--board', choices=sorted(BOARDS), help='the board; default: what its U-Boot says')
    g.add_argument('-n', '--dry-run', action='store_true', help='say what would be done; opens no port')
    g.add_argument('--yes', action='store_true', help='yes, write what the board needs to start')
    g.add_argument('--force', action='store_true', help='go on where the tool only thinks it knows better')
    g.add_argument('--json', action='store_true', help='one JSON object on stdout, of the result or the failure')
    g.add_argument('-q', '--quiet', action='store_true', help='say nothing but errors')
    g.add_argument('-v', '--verbose', action='store_true', help="with a fault of the tool's own: where")
    g.add_argument('--no-progress', action='store_true', help='plain lines instead of a bar')
    g.add_argument('--trace', metavar='FILE', help='all bytes that went over the port, with times')


def loading(parser, ways):
    g = parser.add_argument_group('loading')
    g.add_argument('--via', choices=ways, default=ways[0], help=f'how it gets into RAM ({ways[0]})')
    g.add_argument('--addr', type=number, metavar='A', help='where a raw image goes (an ELF file says it itself)')
    g.add_argument('--no-verify', action='store_true', help='do not compare CRC-32')
    g.add_argument('--skip-same', action='store_true', help='ask first, and load nothing that is there already')


def network(parser):
    g = parser.add_argument_group('--via tftp, --via fat')
    g.add_argument('--ip', metavar='A', help="the board's address, or dhcp (the default)")
    g.add_argument('--server-ip', metavar='A', help='the address of the TFTP server, as the board sees it')
    g.add_argument('--tftp-dir', metavar='DIR', help='the folder of a TFTP server that runs; default: our own server')
    g.add_argument('--tftp-port', type=number, default=69, metavar='N',
                   help='the UDP port of our own server (69); 0: one that is free')
    g.add_argument('--from', dest='source', metavar='DEV:PART', help='where the file is, such as mmc:1:1')


def debugger(parser):
    g = parser.add_argument_group('--via gdb, --via openocd')
    g.add_argument('--remote', default='localhost:1234', metavar='HOST:PORT', help='the debug server (localhost:1234)')
    g.add_argument('--interface', metavar='CFG', help="OpenOCD's file about the adapter, such as interface/ftdi/x.cfg")
    g.add_argument('--config', metavar='CFG', action='append',
                   help='OpenOCD files instead of tools/openocd/visionfive2.cfg')
    g.add_argument('--target', metavar='NAME', help='which of its targets, such as u74.h1')


def starting(parser):
    g = parser.add_argument_group('starting')
    g.add_argument('--entry', type=number, metavar='A', help='where it starts (an ELF file says it itself)')
    g.add_argument('--args', nargs='*', default=[], metavar='ARG', help='given to the image as argc and argv')
    g.add_argument('--no-start', action='store_true', help='load only')
    expecting(g)


def expecting(group):
    group.add_argument('--expect', metavar='RE', help='the image must print this, or the status is 13')
    group.add_argument('--expect-timeout', type=seconds, default=10.0, metavar='S', help='in this time (10)')


def console(parser, name='console'):
    g = parser.add_argument_group(name)
    g.add_argument('--timestamps', action='store_true', help='the time since the begin before each line')
    g.add_argument('--log', metavar='FILE', help='append what the board says to a file')
    g.add_argument('--until', metavar='RE', help='end with status 0 when this is printed')
    g.add_argument('--until-timeout', type=seconds, metavar='S', help='end with status 13 after this time')


def from_environment(parser):
    """Defaults that the environment gives. Bad values are refused as on the command line."""
    for action in parser._actions:
        words = [o for o in action.option_strings if o.startswith('--')]
        if not words or words[0] == '--help':
            continue
        value = os.environ.get('EMISSARY_' + words[0][2:].upper().replace('-', '_'))
        if value is None:
            continue
        if action.nargs == 0:
            action.default = value not in ('', '0')
        elif isinstance(action, argparse._AppendAction) or action.nargs == '*':
            action.default = value.split()
        else:
            action.default = value  # argparse gives it to type=
            if action.choices and value not in action.choices:
                parser.error(f'EMISSARY_{words[0][2:].upper()}={value}: choose from {", ".join(action.choices)}')
