# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tool says when it cannot go on, and the statuses it ends with."""
import sys

FAILED = 1      # a build or a test failed
USAGE = 2       # asked for what there is not
ENVIRONMENT = 3  # this machine lacks something that could not be installed
TIMED_OUT = 124  # as timeout(1)
INTERRUPTED = 130  # as a shell says it after Ctrl-C


class EmError(Exception):
    """Ends the tool with a message for its user and a status."""

    def __init__(self, message, status=USAGE):
        super().__init__(message)
        self.status = status


def say(message):
    """A line for the user. Never on stdout: that belongs to the firmware."""
    print(f'em: {message}', file=sys.stderr, flush=True)
