# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The host side of a trace: from the records of a program (em/trace_ring.h) to what people and other tools read.

elf -> facts: what the program's addresses mean         rings, wire -> records: what was recorded, in order
facts + records -> model: who did what, when, and why   model -> lines, stats, chrome, ctf, svg
"""
