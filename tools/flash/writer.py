# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Write to a medium so that it can be trusted: compare, send what differs, check it in RAM, write, read it back.

Nothing is erased before all that replaces it is in the board's RAM, with the right CRC.
"""
import contextlib
import signal
import threading

from . import checks
from .errors import FlashError

CHUNK = 64 << 10    # what is compared, sent and written at a time
WINDOW = 16 << 20   # of a large image: what is in RAM at a time


class Writer:
    def __init__(self, session, medium):
        self.session, self.medium, self.uboot = session, medium, session.uboot
        self.sent = self.written = 0

    def write(self, name, offset, data):
        """Bring @p data to @p offset and verify it."""
        self.uboot.need('cp')
        self.medium.check_room(offset, len(data))
        self.areas = checks.boot_areas_in(self.session.board, offset, len(data)) if self.medium.is_boot_flash else []
        window = min(WINDOW, (self.uboot.scratch_limit() // 3 - 2 * self.medium.block) // CHUNK * CHUNK)
        if self.areas and len(data) > window:
            raise FlashError('refused', 'the board has too little free RAM', 'the boot area is written in one piece')
        for at in range(0, len(data), window):
            self._window(name, offset + at, data[at:at + window])

    def _window(self, name, offset, data):
        low, high = self.medium.bounds(offset, len(data))
        room = self.uboot.scratch(3 * (high - low) + 1024)
        self.medium.read(room, low, high - low)
        runs = self._changed(room - low, offset, data)
        if not runs:
            return
        stage = room + 2 * (high - low)  # for receivers of XMODEM fill up the last block, over what must stay
        for begin, end in runs:
            self.session.loader().load(name, stage, data[begin - offset:end - offset])
            self.medium.do(f'cp.b {stage:x} {room - low + begin:x} {end - begin:x}')
            self.sent += end - begin
        if not self.uboot.has(room - low + offset, data):
            raise FlashError('mismatch', f'{name} is not whole in RAM', 'nothing was written', 'Try again')
        with guarded(self.areas, self.medium, self.session):
            for begin, end in runs:
                first, last = self.medium.bounds(begin, end - begin)
                self.medium.write(room - low + first, first, last - first)
                self.written += last - first
            back = room + high - low
            self.medium.read(back, low, high - low)
            if not self.uboot.has(back - low + offset, data):
                raise FlashError('mismatch', f'what was read back from {self.medium.name} is not what was written',
                                 f'at 0x{offset:x}',
                                 'Try again; if it fails again, the medium is worn out or protected')

    def _changed(self, delta, offset, data):
        """The parts of @p data that the medium does not have: from, to. @p delta: from offset to RAM."""
        if self.uboot.crc32(delta + offset, len(data)) == _crc(data):
            return []
        runs = []
        end = offset + len(data)
        begin = offset
        while begin < end:
            stop = min((begin // CHUNK + 1) * CHUNK, end)
            piece = data[begin - offset:stop - offset]
            if self.uboot.crc32(delta + begin, len(piece)) != _crc(piece):
                if runs and runs[-1][1] == begin:
                    runs[-1] = (runs[-1][0], stop)
                else:
                    runs.append((begin, stop))
            begin = stop
        return runs


def _crc(data):
    from zlib import crc32
    return crc32(data)


@contextlib.contextmanager
def guarded(areas, medium, session):
    """Around what changes the medium: whoever breaks it off learns what state it is in, and what to do."""
    names = ' and '.join(str(a) for a in areas)
    if areas:
        session.progress.say(f'writing {names}: do not power the board off')
    with without_ctrl_c(bool(areas)):
        try:
            yield
        except (FlashError, KeyboardInterrupt) as error:
            if not areas:
                if isinstance(error, FlashError):
                    error.now = f'What is on {medium.name} there is undefined now. {error.now}'.strip()
                raise
            raise FlashError(
                'half-written', f'{names} may be half-written', f'{error or "interrupted"}',
                'DO NOT POWER THE BOARD OFF: U-Boot still runs from RAM; run the same command again. '
                + session.board.recovery) from error


@contextlib.contextmanager
def without_ctrl_c(wanted):
    """Ctrl-C waits until the end. Only the main thread gets it anyway."""
    if not wanted or threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
