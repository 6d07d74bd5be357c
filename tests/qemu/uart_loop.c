/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A UART whose transmitter is connected with its receiver inside: JOIN of a read and a write, 42 times.
 *
 * run: --qemu-arg=-chardev --qemu-arg=null,id=card --qemu-arg=-device --qemu-arg=pci-serial,chardev=card,addr=1
 * expect: 42 rounds
 * only: 42 rounds
 */
#include "card.h"
#include "rounds.h"
#include "uart16550_regs.h"

MAIN(VARS(struct rounds rounds))
{
    ASYNC {
        card_start();
        uart_set(&card_traits, UART_MCR, UART_MCR_DTR_RTS_OUT2 | UART_MCR_LOOP);
        AWAIT(rounds(&self->rounds, &card.uart));
        em_print("%u rounds\n", self->rounds.out);
        em_board_exit(0);
    }
}
