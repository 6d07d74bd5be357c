# SPDX-License-Identifier: Apache-2.0 OR MIT
"""U-Boot's console: get to its prompt from whatever the board does, and run commands there.

A command is sent a few characters at a time, each lot only after the echo of the one before, and its end of line only
after the whole of it came back as it was sent: a board never runs a line that the cable has changed.
"""
import re
import time
from dataclasses import dataclass

from . import prompts
from .errors import FlashError
from .prompts import CTRL_C

PIECE = 16        # characters, what the smallest FIFO of a UART holds
KNOCK = 0.25      # seconds between two knocks
KNOCKS = 4        # after so many to which nothing was said,
PAUSE = 2.5       # seconds of silence, and twice as many the next time: U-Boot has ended a transfer when nothing has
                  # come for 2 of its own, which a machine that is slow counts slowly
CANCEL = b'\x18' * 8
A_BLOCK = 1030    # bytes: U-Boot waits for the rest of the block that it is in, if one comes now and then
LINE_LIMIT = 250  # characters that every U-Boot takes in one line
TRIES = 4
LINE_END = re.compile(rb'\n')
STATUS = re.compile(rb'EMRC=(\d+)\r*\n')
KEPT = 4096       # bytes of what was seen last, for patterns and messages


@dataclass
class Reply:
    text: str
    status: int


class Console:
    def __init__(self, link, timeout=5.0, prompt=None, key=None, note=lambda text: None):
        self.link, self.timeout, self.note = link, timeout, note
        self.pattern = prompts.prompt_at_end([prompt.encode()] if prompt else None)
        self.key = key.encode().decode('unicode_escape').encode('latin-1') if key else None
        self.prompt = None

    # ------------------------------------------------------------------ to the prompt

    def connect(self, attempts=1):
        """Get to the prompt: from a prompt, a countdown, a transfer that was broken off, or after a reset."""
        for attempt in range(1, attempts + 1):
            seen = self._knock()
            if self.prompt is not None:
                self.settle()
                return
            if attempt < attempts:
                self.note(f'no prompt yet, attempt {attempt} of {attempts}: reset the board now')
        raise self._why_no_prompt(seen)

    def _knock(self):
        """Knock until the prompt comes or the time is over. All that was seen (its end)."""
        seen, fresh, count, heard, silence = b'', b'', 0, False, PAUSE
        end = time.monotonic() + self.timeout
        next_knock = 0.0
        while (now := time.monotonic()) < end:
            if now >= next_knock:
                count += 1
                self.link.write(self._knocking(seen, count))
                pause = count % KNOCKS == 0 and not heard
                heard = heard and count % KNOCKS != 0
                next_knock = now + (silence if pause else KNOCK)
                silence *= 2 if pause else 1
            data = self.link.read(min(KNOCK, max(0.01, end - now)))
            if data:
                heard, next_knock = True, min(next_knock, now + KNOCK)
            seen, fresh = (seen + data)[-KEPT:], (fresh + data)[-KEPT:]
            if (key := prompts.autoboot_key(fresh)) is not None:
                self.link.write(self.key or key)
                fresh = b''  # press once for each countdown
            if found := self.pattern.search(seen):
                self.prompt = found.group(1)
                break
        return seen

    def _knocking(self, seen, count):
        """Ctrl-C leaves a command, and is any key. A receiver of a file wants CAN; one in mid-packet, bytes."""
        if prompts.BOOTROM.search(seen):
            return b''
        if prompts.WAITING_FOR_A_FILE.search(seen):
            return CANCEL + CTRL_C
        return CTRL_C * A_BLOCK if count % KNOCKS == 3 and not seen.strip(CTRL_C) else CTRL_C

    def settle(self):
        """All that was sent to knock is answered; the prompt in use is the last thing that was printed."""
        silent = 0
        for attempt in range(TRIES):
            self.link.drain(0.1 * 2**attempt)  # a slow one may still be at the answers to a block of knocks
            self.link.write(CTRL_C)
            if self._read_to(lambda text: text.endswith(self.prompt), self.timeout) is None and not self.tail:
                silent += 1
                if silent == 2:
                    break  # gone: of two, one is not lost on the way
            if self.tail.endswith(self.prompt) and not self.link.drain(0.02):
                return
        raise FlashError('no-prompt', 'the prompt of U-Boot came, and was gone again', now='Try again')

    def _why_no_prompt(self, seen):
        last = f'last seen {printable(seen[-80:])!r}'
        if not seen.strip(b'\0'):
            return FlashError('no-answer', 'the board says nothing', f'in {self.timeout:g} s',
                              'Is it powered, are RX and TX crossed, is GND connected? Is no other program at '
                              'the port?')
        if prompts.BOOTROM.search(seen) or prompts.WAITING_FOR_A_FILE.search(seen):
            return FlashError('no-prompt', 'no U-Boot: the BootROM waits for a file', last,
                              'Set the switches to boot from flash, or use `flash.py recover`')
        if prompts.PASSWORD.search(seen):
            return FlashError('no-prompt', 'U-Boot wants a password to stop its autoboot', last,
                              'Give it by --autoboot-key')
        if prompts.OTHER_SYSTEM.search(seen):
            return FlashError('no-prompt', 'another system is running', last, 'Reset the board while this tool waits')
        if printable(seen).count('?') > len(seen) // 3:
            return FlashError('no-prompt', 'what the board says is not text', last,
                              'Is --baud right? Is GND connected?')
        why = 'its autoboot could not be stopped' if prompts.UBOOT_BANNER.search(seen) else 'no prompt of U-Boot'
        return FlashError('no-prompt', why, last, 'Reset the board while this tool waits; a prompt of its own needs '
                                                  '--prompt, another key --autoboot-key')

    # ------------------------------------------------------------------ commands

    def run(self, command, timeout=None, check=True):
        """Run a command to its end. A Reply; its status must be 0 if @p check.

        If its end was not seen, but U-Boot answers, the end was lost on the way: the command is run again. So it must
        be one for which that makes no difference, as it is for all that this tool uses.
        """
        for attempt in range(TRIES):
            self.type(f'{command}; echo EMRC=$?')
            seen = self._read_to(lambda text: STATUS.search(text) and text.endswith(self.prompt),
                                 timeout or self.timeout)
            if seen is not None:
                break
            last = printable(self.tail)
            if attempt == TRIES - 1 or not self._is_back():
                raise FlashError('no-answer', f'U-Boot did not end `{command}`', f'in {timeout or self.timeout:g} s; '
                                 f'last seen {last!r}', 'Reset the board and try again')
        found = STATUS.search(seen)
        reply = Reply(printable(seen[:found.start()].replace(b'\r', b'')).strip('\n'), int(found.group(1)))
        if check and reply.status:
            raise FlashError('command', f'U-Boot refused `{command}`', ' / '.join(reply.text.split('\n')[-3:]))
        return reply

    def _is_back(self):
        try:
            self.settle()
        except FlashError as e:
            if e.kind == 'no-prompt':
                return False
            raise
        return True

    def type(self, line):
        """Type a line, see that it arrived as it was sent, and then press return. Reads its echo."""
        if len(line) > LINE_LIMIT:
            raise FlashError('usage', 'the line is too long for U-Boot', line)
        for _ in range(TRIES):
            if self._typed(line.encode()):
                self.link.write(b'\r')
                if self.wait_for(LINE_END, self.timeout):
                    return
            self.settle()
        raise FlashError('no-answer', f'U-Boot does not take `{line}`', f'last seen {printable(self.tail)!r}',
                         'The link may lose characters: try another cable or a lower --baud')

    def _typed(self, line):
        for at in range(0, len(line), PIECE):
            piece = line[at:at + PIECE]
            self.link.write(piece)
            if self._read_to(lambda text, p=piece: len(text) >= len(p), self.timeout) != piece:
                return False
        return True

    tail = b''  # what was read last, for messages

    def _read_to(self, done, timeout, watch=True):
        """Read until @p done. What was read, or None when the time is over. @p watch: a reset is an error."""
        text = b''
        end = time.monotonic() + timeout
        while not done(text):
            if watch and (found := prompts.CRASHED.search(text)):
                raise FlashError('command', 'U-Boot has crashed or was reset', printable(
                    text[max(0, found.start() - 80):found.end() + 40]).strip().replace('\n', ' / '),
                    'Is the memory that it was told to use there, and not its own?')
            if (left := end - time.monotonic()) <= 0:
                self.tail = text[-120:]
                return None
            text += self.link.read(min(left, 1.0))
        self.tail = text[-120:]
        return text

    def wait_for(self, pattern, timeout, watch=True):
        """Read until @p pattern (a compiled one, of bytes) is found, which stays; what follows it is kept for later."""
        text = self._read_to(pattern.search, timeout, watch)
        if text is None:
            return None
        found = pattern.search(text)
        self.link.unread(text[found.end():])
        return found

    def wait_for_prompt(self, timeout):
        """All that is printed before the prompt, or None."""
        text = self._read_to(lambda seen: seen.endswith(self.prompt), timeout)
        return None if text is None else printable(text)


def printable(data):
    return ''.join(chr(b) if 32 <= b < 127 or b in (9, 10) else '' if b == 13 else '?' for b in data)
