/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys_iomux: 64 pins, their multiplexer, and their interrupts.
 *
 * A test drives and watches pins over QMP (qom-set, qom-get): "driven" says which pins the outside holds, "ext" their
 * levels, "out" what the chip drives, "edges" how often a level changed.
 */
#include "jh7110.h"

#include "qapi/visitor.h"
#include "qemu/host-utils.h"

#define TYPE_JH7110_GPIO "jh7110-gpio"
OBJECT_DECLARE_SIMPLE_TYPE(Jh7110Gpio, JH7110_GPIO)

#define PINS 64
#define DOEN 0x000 /* 6 bits a pin: 0 drives, 1 does not */
#define DOUT 0x040 /* 7 bits a pin: 0 low, 1 high, else a device's signal */
#define GPI 0x080  /* 7 bits a signal: 0 low, 1 high, else pin + 2 */
#define GPEN 0x0dc
#define IS 0x0e0  /* 1 edge, 0 level */
#define IC 0x0e8  /* 0 clears the latch and holds it clear */
#define IBE 0x0f0 /* both edges */
#define IEV 0x0f8 /* edge: 1 rising; level: 1 low (Linux, "fix the interrupt level polarity") */
#define IE 0x100
#define RIS 0x108
#define MIS 0x110
#define DIN 0x118
#define PAD 0x120
#define PAD_IE BIT(0)
#define PAD_PULL_UP BIT(3)
#define UART0_TX_PIN 5
#define UART0_TX_SIGNAL 20
#define UART0_RX_PIN 6
#define UART0_RX_SIGNAL 14

struct Jh7110Gpio {
    SysBusDevice parent_obj;
    MemoryRegion io;
    qemu_irq irq;
    uint32_t reg[0x1000 / 4];
    uint64_t ext, driven; /* from outside: levels, and where */
    uint64_t level, latch, edges;
};

static uint64_t both(const Jh7110Gpio *gpio, unsigned at)
{
    return gpio->reg[at / 4] | (uint64_t)gpio->reg[at / 4 + 1] << 32;
}

static void set_both(Jh7110Gpio *gpio, unsigned at, uint64_t value)
{
    gpio->reg[at / 4] = value;
    gpio->reg[at / 4 + 1] = value >> 32;
}

static uint8_t field(const Jh7110Gpio *gpio, unsigned at, unsigned n)
{
    return gpio->reg[at / 4 + n / 4] >> (n % 4 * 8);
}

static void set_field(Jh7110Gpio *gpio, unsigned at, unsigned n, uint8_t value)
{
    gpio->reg[at / 4 + n / 4] = deposit32(gpio->reg[at / 4 + n / 4], n % 4 * 8, 8, value);
}

/* The pins that the chip drives, and in *levels the level of each that a register gives. */
static uint64_t outputs(const Jh7110Gpio *gpio, uint64_t *levels)
{
    uint64_t driving = 0;

    *levels = 0;
    for (unsigned pin = 0; pin < PINS; pin++) {
        if ((field(gpio, DOEN, pin) & 0x3f) == 0) {
            driving |= BIT_ULL(pin);
            *levels |= (field(gpio, DOUT, pin) & 0x7f) == 1 ? BIT_ULL(pin) : 0;
        }
    }
    return driving;
}

static uint64_t levels_at_pads(const Jh7110Gpio *gpio)
{
    uint64_t levels, listening = 0, driving = outputs(gpio, &levels);

    for (unsigned pin = 0; pin < PINS; pin++) {
        uint32_t pad = gpio->reg[PAD / 4 + pin];
        uint64_t bit = BIT_ULL(pin);
        listening |= pad & PAD_IE ? bit : 0;
        if (!(driving & bit)) {
            levels |= gpio->driven & bit ? gpio->ext & bit : pad & PAD_PULL_UP ? bit : 0;
        }
    }
    return levels & listening;
}

static void update(Jh7110Gpio *gpio)
{
    uint64_t is = both(gpio, IS), ibe = both(gpio, IBE), iev = both(gpio, IEV), running = both(gpio, IC);
    uint64_t level = levels_at_pads(gpio), changed = level ^ gpio->level;

    gpio->edges += ctpop64(changed);
    gpio->level = level;
    gpio->latch |= changed & is & (ibe | ~(level ^ iev));
    gpio->latch &= running;

    uint64_t raw = (gpio->latch & is) | ((level ^ iev) & ~is);
    uint64_t masked = raw & both(gpio, IE);
    set_both(gpio, RIS, raw);
    set_both(gpio, MIS, masked);
    set_both(gpio, DIN, level);
    qemu_set_irq(gpio->irq, masked && (gpio->reg[GPEN / 4] & 1));
}

bool jh7110_gpio_drives(DeviceState *dev, unsigned signal)
{
    const Jh7110Gpio *gpio = JH7110_GPIO(dev);

    for (unsigned pin = 0; pin < PINS; pin++) {
        if ((field(gpio, DOEN, pin) & 0x3f) == 0 && (field(gpio, DOUT, pin) & 0x7f) == signal) {
            return true;
        }
    }
    return false;
}

bool jh7110_gpio_feeds(DeviceState *dev, unsigned signal)
{
    const Jh7110Gpio *gpio = JH7110_GPIO(dev);
    unsigned from = field(gpio, GPI, signal) & 0x7f;

    return from >= 2 && from < PINS + 2 && (gpio->reg[PAD / 4 + from - 2] & PAD_IE);
}

/* What the board holds a pin at. */
void jh7110_gpio_hold(DeviceState *dev, unsigned pin, bool level)
{
    Jh7110Gpio *gpio = JH7110_GPIO(dev);

    gpio->driven |= BIT_ULL(pin);
    gpio->ext = deposit64(gpio->ext, pin, 1, level);
}

static uint64_t gpio_read(void *opaque, hwaddr addr, unsigned size)
{
    Jh7110Gpio *gpio = opaque;
    return gpio->reg[addr / 4];
}

static void gpio_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Jh7110Gpio *gpio = opaque;

    if (addr < RIS || addr >= PAD) { /* between them: read only */
        gpio->reg[addr / 4] = value;
        update(gpio);
    }
}

static const MemoryRegionOps gpio_ops = {
    .read = gpio_read,
    .write = gpio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {.min_access_size = 4, .max_access_size = 4},
};

static void get_pins(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    Jh7110Gpio *gpio = JH7110_GPIO(obj);
    uint64_t value = 0;

    if (!strcmp(name, "out")) {
        outputs(gpio, &value);
    } else {
        value = !strcmp(name, "edges") ? gpio->edges : !strcmp(name, "driven") ? gpio->driven : gpio->ext;
    }
    visit_type_uint64(v, name, &value, errp);
}

static void set_pins(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    Jh7110Gpio *gpio = JH7110_GPIO(obj);
    uint64_t *word = !strcmp(name, "driven") ? &gpio->driven : &gpio->ext;

    if (visit_type_uint64(v, name, word, errp)) {
        update(gpio);
    }
}

static void gpio_reset(DeviceState *dev)
{
    Jh7110Gpio *gpio = JH7110_GPIO(dev);

    memset(gpio->reg, 0, sizeof gpio->reg);
    for (unsigned pin = 0; pin < PINS; pin++) {
        set_field(gpio, DOEN, pin, 1);
        gpio->reg[PAD / 4 + pin] = PAD_IE;
    }
    set_field(gpio, DOEN, UART0_TX_PIN, 0);
    set_field(gpio, DOUT, UART0_TX_PIN, UART0_TX_SIGNAL);
    set_field(gpio, GPI, UART0_RX_SIGNAL, UART0_RX_PIN + 2);
    gpio->latch = gpio->edges = 0;
    gpio->level = levels_at_pads(gpio);
    update(gpio);
}

DeviceState *jh7110_gpio_new(void)
{
    DeviceState *dev = qdev_new(TYPE_JH7110_GPIO);
    Jh7110Gpio *gpio = JH7110_GPIO(dev);

    memory_region_init_io(&gpio->io, OBJECT(dev), &gpio_ops, gpio, "sys_iomux", 4 * KiB);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &gpio->io);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &gpio->irq);
    object_property_add(OBJECT(dev), "ext", "uint64", get_pins, set_pins, NULL, NULL);
    object_property_add(OBJECT(dev), "driven", "uint64", get_pins, set_pins, NULL, NULL);
    object_property_add(OBJECT(dev), "out", "uint64", get_pins, NULL, NULL, NULL);
    object_property_add(OBJECT(dev), "edges", "uint64", get_pins, NULL, NULL, NULL);
    object_property_add_child(qdev_get_machine(), "gpio", OBJECT(dev));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    return dev;
}

static void gpio_class_init(ObjectClass *oc, void *data)
{
    device_class_set_legacy_reset(DEVICE_CLASS(oc), gpio_reset);
}

static const TypeInfo types[] = {{
    .name = TYPE_JH7110_GPIO,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Jh7110Gpio),
    .class_init = gpio_class_init,
}};

DEFINE_TYPES(types)
