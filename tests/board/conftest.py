# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The checklist of a real board: /usr/bin/python3 -m pytest tests/board --port /dev/ttyUSB0"""
import pytest


def pytest_addoption(parser):
    parser.addoption('--port', help='the serial port that the board is at, as flash.py understands it')


@pytest.fixture(scope='session')
def port(request):
    name = request.config.getoption('--port')
    if not name:
        pytest.exit('say where the board is: --port /dev/ttyUSB0 (see docs/boards/visionfive2.md)', 2)
    return name
