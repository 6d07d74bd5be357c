# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A time axis: round steps, and what they are called."""

UNITS = (('s', 1.0), ('ms', 1e-3), ('µs', 1e-6), ('ns', 1e-9))


def step_for(seconds, most):
    """The smallest of 1, 2, 5 times a power of ten that needs at most @p most steps."""
    exponent = -12
    while True:
        for factor in (1, 2, 5):
            step = factor * 10.0 ** exponent
            if seconds <= step * most:
                return step
        exponent += 1


def labels(seconds, most=10):
    """[(seconds, its label)] from 0 on."""
    if seconds <= 0:
        return [(0.0, '0')]
    step = step_for(seconds, most)
    unit, scale = next(((u, s) for u, s in UNITS if step >= s * 0.999), UNITS[-1])
    found, n = [], 0
    while n * step <= seconds * (1 + 1e-9):
        found.append((n * step, f'{round(n * step / scale, 6):g} {unit}' if n else '0'))
        n += 1
    return found
