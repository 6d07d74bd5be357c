# SPDX-License-Identifier: Apache-2.0 OR MIT
"""em test: what it begins beside its suites ends with all that it has started, and only if somebody waits for it."""
import os
import subprocess

import suites

TREE_OF_TWO = 'sleep 600 & echo $!; wait'


def is_running(pid):
    try:
        with open(f'/proc/{pid}/stat') as f:
            return f.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def test_a_group_ends_with_all_that_it_has_started():
    child = subprocess.Popen(['sh', '-c', TREE_OF_TWO], stdout=subprocess.PIPE, process_group=0)
    grandchild = int(child.stdout.readline())
    assert is_running(grandchild)
    suites.end_group(child)
    assert child.returncode and not is_running(grandchild)


def test_who_has_ended_is_left_alone(monkeypatch):
    child = subprocess.Popen(['true'], process_group=0)
    child.wait()
    monkeypatch.setattr(os, 'killpg', None)  # the number may be another's by now
    suites.end_group(child)


def test_without_the_board_nothing_is_begun(monkeypatch):
    monkeypatch.setattr(subprocess, 'Popen', None)
    with suites.machine_meanwhile(['host', 'qemu']) as end:
        end()
