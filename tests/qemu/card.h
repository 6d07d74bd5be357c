/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A second UART for tests: QEMU's PCI card of the console's kind, with `-device pci-serial,addr=1`. */
#pragma once

#include "uart16550.h"

#define CARD_ECAM_SLOT_1 0x30008000ul /* device tree of virt: /soc/pci reg */
#define CARD_PCI_COMMAND 0x04
#define CARD_PCI_BAR0 0x10
#define CARD_IO_WINDOW 0x03000000ul /* /soc/pci ranges */
#define CARD_IO_PORT 0x1000u
#define CARD_BASE (CARD_IO_WINDOW + CARD_IO_PORT)
#define CARD_IRQ_SLOT_1 33 /* /soc/pci interrupt-map: pin A of slot 1 */

static const em_uart16550_traits card_traits = {
    .base = CARD_BASE, .width = 1, .rx_trigger = 3, .irq = CARD_IRQ_SLOT_1, .clock_hz = 1843200, .baud = 115200};
static uint8_t card_rx_ring[64];
static uint8_t card_tx_ring[64];
static em_uart16550 card = EM_UART16550_INIT(&card_traits, card_rx_ring, card_tx_ring);

static inline em_uart *card_start(void)
{
    *(volatile uint32_t *)(CARD_ECAM_SLOT_1 + CARD_PCI_BAR0) = CARD_IO_PORT;
    *(volatile uint16_t *)(CARD_ECAM_SLOT_1 + CARD_PCI_COMMAND) = 1; /* I/O space */
    em_uart16550_start(&card);
    return &card.uart;
}
