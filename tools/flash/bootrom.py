# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The JH7110's BootROM in its UART mode: it asks for a file by XMODEM, checks its header, and starts it in the LIM.

Ref: u-boot doc/board/starfive/jh7110_common.rst; starfive-tech/Tools issues 3 and 6.
"""
import re
import time

from . import prompts, spl
from .blocks import Blocks, xmodem
from .errors import FlashError, TransferFailed

CRC_ERROR = re.compile(rb'CRC Error')
ATTEMPTS = 3
ASKING = re.compile(rb'(?:\(C\)StarFive\s+C+|C{2,})\s*\Z')


def wait(link, timeout, progress):
    """Until the ROM asks for a file."""
    progress.say('waiting for the BootROM: switches to UART (RGPIO_1 = RGPIO_0 = 1), then power on')
    seen = b''
    end = time.monotonic() + timeout
    while (left := end - time.monotonic()) > 0:
        seen = (seen + link.read(min(left, 0.5)))[-400:]
        if prompts.UBOOT_BANNER.search(seen) or prompts.prompt_at_end().search(seen):
            raise FlashError('no-prompt', 'the board boots from its flash, not by UART', f'last seen {seen[-60:]!r}',
                             'Set the switches to UART (RGPIO_1 = RGPIO_0 = 1) and power-cycle it')
        if ASKING.search(seen):
            return
    if not seen:
        raise FlashError('no-answer', 'the BootROM says nothing', f'in {timeout:g} s',
                         'Power-cycle the board; are RX and TX crossed, is GND connected?')
    raise FlashError('no-prompt', 'the BootROM does not ask for a file', f'last seen {seen[-60:]!r}',
                     'Set the switches to UART (RGPIO_1 = RGPIO_0 = 1) and power-cycle the board')


def send(link, name, data, progress, timeout, retries, wait_limit):
    """Send an image with its header, and see that the ROM does not refuse it. The number of blocks sent again."""
    if why := spl.fault(data):
        raise FlashError('bad-file', name, why)
    for attempt in range(1, ATTEMPTS + 1):
        wait(link, wait_limit, progress)
        blocks = Blocks(link, max(retries, 100), timeout)
        try:
            with progress.task(f'{name} -> BootROM (xmodem)', len(data)) as update:
                blocks.progress = lambda done: update(min(done, len(data)))
                xmodem(blocks, data, timeout * 4)
        except TransferFailed as error:
            error.now = 'Power-cycle the board, then run the same command again. PL2303 adapters fail, an FT232 works'
            raise
        if not refused(link, timeout):
            return blocks.retried
        progress.say(f'the BootROM says "CRC Error" ({attempt} of {ATTEMPTS}): power-cycle the board now')
    raise FlashError('mismatch', f'the BootROM refused {name} {ATTEMPTS} times', 'CRC Error',
                     'Power-cycle the board between attempts, use another adapter or cable')


def refused(link, timeout):
    """Whether the ROM now complains. Any other word is of what it has started, and is left to be read."""
    seen = b''
    end = time.monotonic() + min(timeout, 1.0)
    while (left := end - time.monotonic()) > 0:
        seen += link.read(left)
        if CRC_ERROR.search(seen):
            return True
        if len(seen) > 20 and not b'CRC Error, Try again'.startswith(seen.strip(b'\r\nC')[:20]):
            break
    link.unread(seen)
    return False
