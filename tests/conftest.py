# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures of all pytest suites: firmware that was built, and the device under test that runs it."""
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
sys.path[:0] = [str(TESTS / 'harness'), str(ROOT / 'tools' / 'em_cli')]

import pytest  # noqa: E402
from dut import Dut  # noqa: E402


@pytest.fixture
def dut(request, tmp_path):
    """Starts devices: dut(command line) is a running one. Each is ended, and its console log is kept."""
    started = []

    def start(command, **more):
        device = Dut(command, tmp_path / f'console-{len(started)}.log', **more)
        started.append(device)
        request.node.stash.setdefault(DEVICES, started)
        return device

    try:
        yield start
    finally:
        for device in started:
            device.close()


DEVICES = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failure shows what was on the console, and how to run it again by hand."""
    outcome = yield
    report = outcome.get_result()
    if report.when == 'call' and report.failed:
        for device in item.stash.get(DEVICES, []):
            report.sections.append(('to repeat it', device.repeat()))
            report.sections.append((f'console ({device.log_path})', device.log()))
        report.sections.append(('the test again', f'/usr/bin/python3 -m pytest "{item.nodeid}"'))
