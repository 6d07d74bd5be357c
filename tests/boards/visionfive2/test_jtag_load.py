# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`flash.py openocd`: OpenOCD with the board's configuration loads over a model of the chain, and starts."""
import sys
import threading

import pytest
from config import TREE

sys.path[:0] = [str(TREE / 'tools' / 'qemu'), str(TREE / 'tests' / 'dump')]

import app  # noqa: E402
import chain  # noqa: E402
import elf  # noqa: E402
import jtag_model  # noqa: E402

DPC, DCSR, A1 = 0x7b1, 0x7b0, 0x100b
UBOOT = 0xbff80000


class Ram(jtag_model.Memory):
    def write(self, address, size, value):
        for begin, data in self.pieces.items():
            if begin <= address and address + size <= begin + len(data):
                data[address - begin:address - begin + size] = value.to_bytes(8, 'little')[:size]


class Harts(jtag_model.DebugModule):
    """Its memory can be written, its harts have registers, are halted and resumed. @p modes: of each, 1 or 3."""

    def __init__(self, memory, modes):
        super().__init__(memory, [UBOOT] * len(modes))
        self.registers = [{DPC: UBOOT, DCSR: 0x400000c0 | mode, A1: 7} for mode in modes]
        self.running, self.resumed = [True] * len(modes), {}  # where each went on at last

    def register(self, number):
        found = self.registers[self.hart].get(number)
        return super().register(number) if found is None else found

    def command(self, word):
        if word >> 16 & 3 == 3 and super().register(word & 0xffff) is not None:
            self.registers[self.hart][word & 0xffff] = self.data[1] << 32 | self.data[0]
        else:
            super().command(word)

    def read(self, at):
        status = super().read(at)
        if at == 0x11 and self.hart < len(self.running) and self.running[self.hart]:
            return status & ~(3 << 8) | 3 << 10 | 3 << 16
        return status

    def write(self, at, value):
        super().write(at, value)
        if at == 0x10 and self.hart < len(self.running) and value >> 30:
            self.running[self.hart] = not value >> 31
            if self.running[self.hart]:
                self.resumed[self.hart] = self.registers[self.hart][DPC]
        if at == 0x3c:
            size = 1 << (self.sbcs >> 17 & 7)
            self.memory.write(self.address, size, self.sbdata >> 32 << 32 | value)
            self.address += size if self.sbcs >> 16 & 1 else 0
        if at == 0x3d:
            self.sbdata = value << 32


@pytest.fixture
def loaded(tmp_path):
    """loaded(image, address, modes, words...): what flash.py reports, and the model afterwards."""
    def load(image, address, modes, *words, status=0):
        module = Harts(Ram({address: bytearray(4096)}), modes)
        with jtag_model.listen(tmp_path / 'line') as listener:
            serving = threading.Thread(target=jtag_model.serve, args=(listener, jtag_model.Chain(module)), daemon=True)
            serving.start()
            config = tmp_path / 'model.cfg'
            config.write_text('adapter driver remote_bitbang\nremote_bitbang port 0\n'
                              f'remote_bitbang host {tmp_path}/line\n'
                              'gdb_port disabled; telnet_port disabled; tcl_port disabled\n')
            done = chain.flash_here('openocd', image, '--interface', config, *words, '--timeout', '10', status=status)
            serving.join(10)
        return done, module
    return load


def test_an_s_mode_image_goes_on_where_uboot_was(loaded, tmp_path):
    image = chain.hello(tmp_path, 200)
    done, module = loaded(image, 0x80200000, [3, 3, 3, 1, 3])
    assert done.verified and done.started
    assert module.memory.pieces[0x80200000][:200] == app.image(200)[:200]
    assert module.resumed == {1: UBOOT, 2: UBOOT, 3: 0x80200000, 4: UBOOT} and all(module.running[1:])
    assert module.registers[3][A1] == 0  # no device tree


def test_an_m_mode_image_is_entered_by_all(loaded, tmp_path):
    image = tmp_path / 'm.elf'
    image.write_bytes(elf.build(0x08000000, app.image(), 'em_image_for_visionfive2_m'))
    _, module = loaded(image, 0x08000000, [3] * 5)
    assert module.resumed == dict.fromkeys(range(1, 5), 0x08000000) and all(module.running[1:])


def test_what_arrives_changed_is_not_started(loaded, tmp_path, monkeypatch):
    monkeypatch.setattr(Ram, 'write', lambda *_: None)
    done, module = loaded(chain.hello(tmp_path, 200), 0x80200000, [3, 1, 3, 3, 3], status=6)
    assert not any(module.running[1:]) and done.status == 'mismatch'
