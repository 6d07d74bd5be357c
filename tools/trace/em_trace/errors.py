# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What can be wrong with a recording, each with a status of its own for the tool to end with."""

EMPTY = 4      # nothing was recorded
GARBAGE = 5    # this is no recording
TRUNCATED = 6  # a part of one
FOREIGN = 7    # one of another program


class TraceError(Exception):
    def __init__(self, message, status):
        super().__init__(message)
        self.status = status
