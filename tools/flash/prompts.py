# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What boards print, as far as the tool has to know it. Tables only."""
import re

# mainline and Debian for most boards; VisionFive 2, vendor and mainline; boards of other vendors
PROMPTS = [rb'=> ', rb'StarFive # ', rb'U-Boot> ', rb'u-boot> ', rb'uboot> ', rb'U-Boot # ']

CTRL_C = b'\x03'
# the words of a countdown -> the key that stops it; the first that fits
AUTOBOOT = [
    (re.compile(rb'Hit any key to stop autoboot'), CTRL_C),
    (re.compile(rb'[Pp]ress (?:the )?(?:SPACE|space|Space)'), b' '),
    (re.compile(rb'[Pp]ress (?:<?ESC>?|<?Esc>?)'), b'\x1b'),
    (re.compile(rb'[Pp]ress (?:<?ENTER>?|<?Enter>?)'), b'\r'),
    (re.compile(rb'[Pp]ress "(\S{1,16})" to (?:stop|abort)'), None),  # the key is in the text
    (re.compile(rb'[Aa]utoboot in \d+ second'), CTRL_C),
]
PASSWORD = re.compile(rb'[Ee]nter password|[Aa]utoboot.{0,40}password')

BOOTROM = re.compile(rb'\(C\)StarFive')
WAITING_FOR_A_FILE = re.compile(rb'C{3,}\Z')  # a receiver of XMODEM or YMODEM, by its second
SPL_UART = re.compile(rb'Trying to boot from UART')
UBOOT_BANNER = re.compile(rb'U-Boot (?:SPL )?20\d\d\.\d\d')
OTHER_SYSTEM = re.compile(rb'Starting kernel \.\.\.|login: ?\Z|Linux version \d')

# while a command runs, these mean that U-Boot is no longer there to answer
CRASHED = re.compile(rb'Unhandled exception|resetting \.\.\.|### ERROR ###|\n\r*\nU-Boot (?:SPL )?20\d\d\.\d\d')


def prompt_at_end(prompts=None):
    """A pattern for one of @p prompts as the last thing on the console, at the beginning of a line."""
    return re.compile(rb'(?:\A|[\r\n])(' + b'|'.join(prompts or PROMPTS) + rb')\Z')


def autoboot_key(text):
    """The key that stops the countdown in @p text: None if there is none."""
    for pattern, key in AUTOBOOT:
        if found := pattern.search(text):
            return key or found.group(1)
    return None
