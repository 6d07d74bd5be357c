# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A console on which frames of a trace stand between text: which is which, byte by byte, as they come.

A frame has a 0 on each side (inspect/trace_stream.c); text has none. Text is passed on at once; behind a 0, where a
frame may begin, as soon as it cannot be one.
"""
from .wire import FRAME, whole

STUFFED = FRAME + 1


class Mixed:
    """@p text: is given text as it comes; @p frame: the bytes of each frame."""

    def __init__(self, text, frame):
        self.text, self.frame = text, frame
        self.held = None  # what came behind a 0 and may be a frame; None: text

    def feed(self, data):
        *whole, rest = data.split(b'\0')
        for piece in whole:
            self.more(piece)
            self.end()
        self.more(rest)

    def more(self, piece):
        if self.held is None:
            if piece:
                self.text(piece)
            return
        self.held += piece
        if not possible(self.held):
            self.idle()

    def end(self):
        """A 0."""
        held, self.held = self.held, b''
        if not held:
            return
        if inside := whole(held):
            self.frame(inside)
        else:
            self.text(held)

    def idle(self):
        """Nothing has come for long, or no frame can come of it: it is text."""
        held, self.held = self.held, None
        if held:
            self.text(held)


def possible(piece):
    """Can it be the beginning of a frame?"""
    at = 0
    while at < len(piece):
        code = piece[at]
        at += code
        if code == 0 or at > STUFFED:
            return False
    return len(piece) <= STUFFED
