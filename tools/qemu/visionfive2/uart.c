/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DesignWare UART: QEMU's 16550, and around it what differs: busy detection on LCR, USR, the identity words, and
 * pins that the multiplexer must have routed: what is sent to no pin is lost, and nothing comes from none.
 *
 * The line is busy for the time of the characters that were written, at the divisor's rate, up to those that its FIFO
 * holds. While it is, TEMT reads 0, and a write of LCR is lost and raises interrupt id 7, which only a read of USR
 * clears (Linux, 8250_dw.c). A test has it raise "receive timeout" with an empty FIFO, until RBR is read, by setting
 * "timeout" over QMP.
 * Known differences to silicon: characters leave at once, whatever the baud rate; never busy from reception.
 */
#include "jh7110.h"

#include "hw/char/serial-mm.h"
#include "qapi/visitor.h"
#include "qemu/timer.h"
#include "system/system.h"

#define TYPE_JH7110_UART "jh7110-uart"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Uart, JH7110_UART)

#define THR 0x00
#define RBR 0x00
#define DLL 0x00
#define DLH 0x04
#define IIR 0x08
#define FCR 0x08
#define LCR 0x0c
#define LSR 0x14
#define USR 0x7c
#define UCV 0xf8
#define CTR 0xfc
#define IER 0x04
#define IER_RDI BIT(0)
#define IIR_BUSY_DETECT 7
#define IIR_TIMEOUT 12
#define LSR_TEMT BIT(6)
#define LCR_DLAB BIT(7)
#define USR_BUSY BIT(0)
#define LSR_DR BIT(0)
#define FIFO 16
#define FCR_RESETS 0x06
#define FCR_LEVEL_14 0xc0
#define DIVIDED_HZ 59400000 /* of UART 3 to 5: perh_root, 594 MHz, / 10 */

/* Signal numbers of the pin multiplexer. */
static const struct { uint8_t tx, rx; } signals[] = {{20, 14}, {68, 55}, {79, 62}, {85, 68}, {92, 75}, {99, 82}};

struct Jh7110Uart {
    SysBusDevice parent_obj;
    unsigned n;
    DeviceState *pins;
    MemoryRegion io, inner;
    AddressSpace behind;
    qemu_irq irq;
    bool serial_level, busy_detected, timeout, hears_timeout, dlab;
    uint16_t divisor;
    uint8_t fcr;
    int64_t busy_until;
};

static bool is_busy(const Jh7110Uart *uart)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) < uart->busy_until;
}

static void occupy_line(Jh7110Uart *uart)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t character = (int64_t)muldiv64(10 * 16 * (uint64_t)MAX(uart->divisor, 1), NANOSECONDS_PER_SECOND,
                                          uart->n < 3 ? JH7110_OSC_HZ : DIVIDED_HZ);

    uart->busy_until = MIN(MAX(now, uart->busy_until) + character, now + (FIFO + 1) * character);
}

static bool hears(const Jh7110Uart *uart)
{
    return jh7110_gpio_feeds(uart->pins, signals[uart->n].rx);
}

static void update(Jh7110Uart *uart)
{
    qemu_set_irq(uart->irq, uart->serial_level || uart->busy_detected || (uart->timeout && uart->hears_timeout));
}

static void serial_irq(void *opaque, int n, int level)
{
    Jh7110Uart *uart = opaque;
    uart->serial_level = level;
    update(uart);
}

static uint32_t of_serial(Jh7110Uart *uart, hwaddr addr)
{
    return address_space_ldl_le(&uart->behind, addr, MEMTXATTRS_UNSPECIFIED, NULL);
}

/*
 * QEMU's 16550 takes no more characters than its interrupt waits for, the chip's takes what comes. Where the interrupt
 * is off nobody can tell, and who polls gets them one by one, slowly: so the level is the highest then.
 */
static uint8_t fcr_of_serial(const Jh7110Uart *uart)
{
    return uart->fcr | (uart->hears_timeout ? 0 : FCR_LEVEL_14);
}

static uint64_t uart_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Uart *uart = opaque;

    switch (addr) {
    case IIR:
        return uart->busy_detected ? (of_serial(uart, IIR) & 0xc0) | IIR_BUSY_DETECT
               : uart->timeout && uart->hears_timeout ? (of_serial(uart, IIR) & 0xc0) | IIR_TIMEOUT
               : of_serial(uart, IIR);
    case LSR:
        return of_serial(uart, LSR) & ~((is_busy(uart) ? LSR_TEMT : 0) | (hears(uart) ? 0 : LSR_DR));
    case USR:
        uart->busy_detected = false;
        update(uart);
        return is_busy(uart) ? USR_BUSY : 0;
    case UCV:
        return 0x3331342a; /* "3.14*", as CTR from a dump of the chip */
    case CTR:
        return 0x44570110;
    case RBR:
        if (!uart->dlab) {
            uart->timeout = false;
            update(uart);
        }
        return of_serial(uart, RBR);
    default:
        return addr < 0x20 ? of_serial(uart, addr) : 0;
    }
}

static void uart_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Uart *uart = opaque;

    if (addr == LCR && is_busy(uart)) {
        uart->busy_detected = true;
        update(uart);
        return;
    }
    if (addr == LCR) {
        uart->dlab = value & LCR_DLAB;
    } else if (uart->dlab && (addr == DLL || addr == DLH)) {
        uart->divisor = deposit32(uart->divisor, addr == DLL ? 0 : 8, 8, value);
    } else if (addr == THR && !uart->dlab) {
        occupy_line(uart);
        if (!jh7110_gpio_drives(uart->pins, signals[uart->n].tx)) {
            return;
        }
    }
    if (addr == IER && !uart->dlab) {
        uart->hears_timeout = value & IER_RDI;
        update(uart);
        address_space_stl_le(&uart->behind, FCR, fcr_of_serial(uart) & ~FCR_RESETS, MEMTXATTRS_UNSPECIFIED, NULL);
    }
    if (addr == FCR && !uart->dlab) {
        uart->fcr = value;
        value = fcr_of_serial(uart);
    }
    if (addr < 0x20) {
        address_space_stl_le(&uart->behind, addr, value, MEMTXATTRS_UNSPECIFIED, NULL);
    }
    /* QEMU's 16550 does not ask for more when its FIFO is cleared, only when it is read. */
    if (addr == FCR && !uart->dlab && !(of_serial(uart, LSR) & LSR_DR)) {
        of_serial(uart, RBR);
    }
}

static const MemoryRegionOps uart_ops = {
    .read = uart_read,
    .write = uart_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 1, .max_access_size = 4}, /* U-Boot's driver uses bytes */
    .impl = {.min_access_size = 4, .max_access_size = 4},
};

static void uart_reset(DeviceState *dev)
{
    Jh7110Uart *uart = JH7110_UART(dev);

    uart->busy_detected = uart->timeout = uart->hears_timeout = uart->dlab = false;
    uart->busy_until = 0;
    uart->divisor = 12; /* as that of QEMU's 16550 */
    update(uart);
}

static void get_timeout(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    visit_type_bool(v, name, &JH7110_UART(obj)->timeout, errp);
}

static void set_timeout(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    Jh7110Uart *uart = JH7110_UART(obj);

    if (visit_type_bool(v, name, &uart->timeout, errp)) {
        update(uart);
    }
}

DeviceState *jh7110_uart_new(unsigned n, DeviceState *pins)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_UART);
    Jh7110Uart *uart = JH7110_UART(dev);
    g_autofree char *name = g_strdup_printf("uart%u", n);

    uart->n = n;
    uart->pins = pins;
    memory_region_init_io(&uart->io, OBJECT(dev), &uart_ops, uart, name, 64 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &uart->io);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &uart->irq);
    qdev_init_gpio_in(dev, serial_irq, 1);
    object_property_add(OBJECT(dev), "timeout", "bool", get_timeout, set_timeout, NULL, NULL);
    object_property_add_child(qdev_get_machine(), name, OBJECT(dev));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);

    memory_region_init(&uart->inner, NULL, name, 0x20);
    address_space_init(&uart->behind, &uart->inner, name);
    serial_mm_init(&uart->inner, 0, 2, qdev_get_gpio_in(dev, 0), JH7110_OSC_HZ / 16, serial_hd(n),
                   DEVICE_LITTLE_ENDIAN);
    return dev;
}

static void uart_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), uart_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_UART,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Uart),
    .class_init = uart_class_init,
}};

DEFINE_TYPES(types)
