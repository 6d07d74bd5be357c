# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Firmware for S-mode that U-Boot loads over the network and starts by `go`."""
import subprocess

import firmware
import packages
import pytest
from config import COMPILERS, TREE, Config

UBOOT = '/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf'
PROMPT = rb'\n=> '
LOAD = '0x80200000'


@pytest.mark.parametrize('config', [Config('qemu_virt', 's', cc) for cc in COMPILERS], ids=lambda c: c.key)
def test_echo_started_by_go(dut, tmp_path, config):
    packages.need(['u-boot-qemu', 'opensbi'])
    image = tmp_path / 'echo.bin'
    subprocess.run(['riscv64-unknown-elf-objcopy', '-O', 'binary', firmware.elf(config, 'programs', 'echo'), image], check=True)
    network = ['-netdev', f'user,id=net,tftp={tmp_path}', '-device', 'virtio-net-device,netdev=net']
    device = dut([TREE / 'tools' / 'run_qemu', '--mode', 's', '--banner', *(f'--qemu-arg={word}' for word in network), UBOOT])
    device.expect(b'Hit any key')
    device.send(b'\n')
    for command in ('setenv autoload no', 'dhcp', f'tftpboot {LOAD} 10.0.2.2:echo.bin'):
        device.expect(PROMPT)
        device.send(command.encode() + b'\n')
    device.expect(b'Bytes transferred = %d ' % image.stat().st_size)
    device.expect(PROMPT)
    device.send(f'go {LOAD}\n'.encode())
    device.expect(rb'Starting application at [^\n]*\n')
    device.expect(b'ready\n')
    device.send(b'from u-boot\x04')
    device.expect(b'FROM U-BOOT\n12 bytes\n')
    assert device.rest() == b''
    assert device.status() == 7
