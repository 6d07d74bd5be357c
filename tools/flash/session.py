# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What all commands that talk to a board share: the open link, U-Boot at its prompt, the board's identity."""
import contextlib

from . import ports
from .boards import BOARDS
from .console import Console
from .errors import FlashError
from .loaders import COMMANDS, Loader
from .uboot import UBoot


class Session:
    def __init__(self, args, progress, result):
        self.args, self.progress, self.result = args, progress, result
        self.link = ports.open_link(args.port, args.port_filter, args.baud, args.trace)
        self.console = Console(self.link, args.timeout, args.prompt, args.autoboot_key, progress.say)
        self.uboot = UBoot(self.console)
        self.warnings = [w for w in [ports.warning_of(args.port)] if w]

    def connect(self):
        """To the prompt, and learn which board it is."""
        self.console.connect(self.args.connect_attempts)
        self.board = self._board()
        self.result['board'] = self.board.name
        self.result['prompt'] = self.console.prompt.decode()
        return self

    def _board(self):
        found = self.uboot.board
        asked = BOARDS.get(self.args.board) if self.args.board else None
        if asked and found and asked is not found and not self.args.force:
            raise FlashError('wrong-board', f'this is a {found.name}', f'--board says {asked.name}')
        if not asked and not found:
            raise FlashError('wrong-board', 'the tool does not know this board', 'its U-Boot says vendor='
                             f'{self.uboot.env("vendor")} board={self.uboot.env("board")}', 'Name it by --board')
        return asked or found

    def loader(self):
        args = self.args
        via = args.via if args.via in COMMANDS else 'ymodem'
        return Loader(self.uboot, self.progress, via, args.retries, args.transfer_baud, args.baud,
                      not args.no_verify)


@contextlib.contextmanager
def opened(args, progress, result):
    """A session that is closed at the end, whatever happens."""
    session = Session(args, progress, result)
    try:
        yield session
    finally:
        session.link.close()
