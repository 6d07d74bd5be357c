# SPDX-License-Identifier: Apache-2.0 OR MIT
"""tools/flash.py: load, write, start and recover boards over U-Boot, the BootROM or JTAG.

cli reads the command line and calls a command_* module. Below it, each module has one job: ports finds and opens the
port, link moves bytes, console talks with U-Boot, uboot knows its commands, transfer_* send files, image reads them,
checks refuses them, media writes to flash and cards, bootrom talks with the JH7110's ROM.
"""
