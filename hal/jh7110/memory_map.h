/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * StarFive's JH7110: where things are, and how they are wired. For C and for assembly.
 *
 * Ref: [VF2DT] the device tree, node and property behind each line, unless another source is named
 */
#pragma once

/* Hart 0 is the S7: no LR/SC, no floating point, no S-mode; it has images of its own. Harts 1 to 4 are U74. */
#define BOOT_HART 1       /* of M-mode, where all harts enter ([JH-ROM]); in S-mode the firmware chooses */
#define USABLE_HARTS 0x1e /* bit by hart: of the kind that images are built for */

#define KEEP_CALLER     /* em_board_exit() returns to U-Boot's `go` (caller.S) */
#define LINUX_IMAGE_OFFSET 0x200000 /* of link_s.ld: from the begin of the DRAM */
#define MEMORY_HAS_ECC  /* of the LIM: written before it is read ([U74MC] 13) */

#define CLINT_BASE 0x02000000 /* clint reg; S-mode must not touch it */
#define CCACHE_BASE 0x02010000 /* cache-controller reg */
#define PLIC_BASE 0x0c000000  /* plic reg */
#define PLIC_SOURCES 137      /* plic riscv,ndev = 136, and none */
#define PLIC_CONTEXTS 9       /* plic interrupts-extended: M of hart 0; M, S of hart 1; M, S of hart 2; ... */
#define PLIC_CONTEXT_M(hart) ((hart) == 0 ? 0 : 2 * (hart) - 1)
#define PLIC_CONTEXT_S(hart) (2 * (hart))

#define UART_BASE(n) ((n) < 3 ? 0x10000000 + 0x10000 * (n) : 0x12000000 + 0x10000 * ((n) - 3)) /* serial reg */
#define UART_IRQ(n) ((n) < 3 ? 32 + (n) : 45 + ((n) - 3)) /* serial interrupts */
#define UARTS 6
#define UART_CLOCK_APB(n) (145 + 2 * (n))  /* serial clocks */
#define UART_CLOCK_CORE(n) (146 + 2 * (n))
#define UART_RESET_APB(n) (83 + 2 * (n))   /* serial resets */
#define UART_RESET_CORE(n) (84 + 2 * (n))
#define UART_OSC_HZ 24000000 /* of UART 0 to 2: the oscillator, undivided */
#define UART_FIRST_DIVIDED 3 /* from here on: perh_root and a divider */

#define SYSCRG_BASE 0x13020000     /* syscrg reg */
#define STGCRG_BASE 0x10230000     /* stgcrg reg */
#define AONCRG_BASE 0x17000000     /* aoncrg reg */
#define SYS_IOMUX_BASE 0x13040000  /* sysgpio reg */
#define SYS_IOMUX_IRQ 86           /* sysgpio interrupts */
#define SYS_IOMUX_CLOCK 112        /* sysgpio clocks */
#define SYS_IOMUX_RESET 2          /* sysgpio resets */
#define SYS_PINS 64                /* sysgpio: GPIO 0 to 63 */
#define AON_IOMUX_BASE 0x17020000  /* aongpio reg */
#define TIMER_BASE 0x13050000      /* timer reg */
#define TIMER_CLOCK_APB 124        /* timer clocks */
#define TIMER_CLOCK(channel) (125 + (channel))
#define TIMER_RESET_APB 117        /* timer resets */
#define TIMER_RESET(channel) (118 + (channel))
#define TIMER_IRQ(channel) (69 + (channel)) /* timer interrupts */
#define WATCHDOG_BASE 0x13070000   /* watchdog reg */
#define WATCHDOG_IRQ 68            /* watchdog interrupts */
#define WATCHDOG_CLOCK_APB 122       /* watchdog clocks */
#define WATCHDOG_CLOCK_CORE 123
#define WATCHDOG_RESET_APB 109       /* watchdog resets */
#define WATCHDOG_RESET_CORE 110
#define WATCHDOG_HZ 24000000         /* watchdog clocks: wdt_core is the oscillator */
#define STG_BUS_CLOCK 96           /* JH7110_SYSCLK_NOC_BUS_STG_AXI: the way to all behind stgcrg */
#define STG_BUS_RESET 30           /* JH7110_SYSRST_NOC_BUS_STG_AXI_N */
#define TRNG_BASE 0x1600c000       /* rng reg */
#define TRNG_IRQ 30                /* rng interrupts */
#define TRNG_CLOCK_HCLK 15         /* rng clocks, of stgcrg */
#define TRNG_CLOCK_AHB 16
#define TRNG_RESET 3               /* rng resets, of stgcrg */
#define LED_RGPIO 3                /* jh7110-common.dtsi, led-0: &aongpio 3, active high */
