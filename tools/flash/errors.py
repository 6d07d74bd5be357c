# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How the tool ends: one status for each kind of failure, and what its user reads about it."""

KINDS = {  # name -> status, what it means
    'done': (0, 'done, and verified unless --no-verify was given'),
    'internal': (1, 'a fault of this tool; --trace FILE helps to find it'),
    'usage': (2, 'asked for what there is not'),
    'port': (3, 'the port is missing, busy, or forbidden'),
    'no-answer': (4, 'nothing came from the board'),
    'transfer': (5, 'the transfer failed, after retries'),
    'mismatch': (6, 'what the board has is not what was sent'),
    'refused': (7, 'too large, no room, or in the way of OpenSBI, U-Boot or the boot area'),
    'link-lost': (8, 'the port went away while it was in use'),
    'no-prompt': (9, 'the board says something, but never the prompt of U-Boot'),
    'bad-file': (10, 'the file is missing, truncated, or not what its name says'),
    'wrong-board': (11, 'the image was linked for another board'),
    'command': (12, 'U-Boot lacks a command, or the command failed'),
    'unconfirmed': (13, 'the image was started, but what --expect waits for did not come'),
    'half-written': (14, 'the boot area may be half-written: do not power the board off'),
    'environment': (15, 'a program is missing on this machine'),
    'interrupted': (130, 'Ctrl-C'),
}


class FlashError(Exception):
    """Ends the tool. What failed, why (what was seen), and what its user can do now."""

    def __init__(self, kind, what, why='', now=''):
        super().__init__(what)
        self.kind, self.what, self.why, self.now = kind, what, why, now

    @property
    def status(self):
        return KINDS[self.kind][0]

    def __str__(self):
        return ''.join([self.what, f': {self.why}' if self.why else '', f'. {self.now}' if self.now else ''])


class LinkLost(FlashError):
    def __init__(self, why):
        super().__init__('link-lost', 'the port went away', why, 'Check the cable, then run the same command again')


class TransferFailed(FlashError):
    """A protocol gave up. The caller may try again, and says which transfer it was."""

    def __init__(self, why, now=''):
        super().__init__('transfer', 'the transfer failed', why, now)
