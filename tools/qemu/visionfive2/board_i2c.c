/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the board has on I2C5: the EEPROM that says which board this is, and the power management chip.
 *
 * The layout of the EEPROM: U-Boot, board/starfive/visionfive2/visionfive2-i2c-eeprom.c. The power registers of the
 * AXP15060: OpenSBI, platform/generic/starfive/jh7110.c.
 */
#include "jh7110.h"

#include "qemu/cutils.h"
#include "system/runstate.h"

#define EEPROM_ADDRESS 0x50
#define PMIC_ADDRESS 0x36
#define PMIC_POWER 0x32
#define POWER_OFF BIT(7)
#define POWER_RESET BIT(6)

/* CRC-16/ARC */
static uint16_t crc16(const uint8_t *bytes, int n)
{
    uint16_t crc = 0;

    for (int i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
        }
    }
    return crc;
}

/* An atom: type, count, the length of data and checksum, data, checksum. */
static uint8_t *put_atom(uint8_t *atom, uint16_t type, uint16_t id, const uint8_t *data, uint32_t n)
{
    stw_le_p(atom, type);
    stw_le_p(atom + 2, id);
    stl_le_p(atom + 4, n + 2);
    memcpy(atom + 8, data, n);
    stw_le_p(atom + 8 + n, crc16(atom, 8 + n));
    return atom + 8 + n + 2;
}

void jh7110_eeprom_init(Jh7110I2cTarget *eeprom, uint64_t ram_size)
{
    static const uint8_t custom[18] = {2, 0, 0xb2, 'A', /* a VisionFive 2 of revision B, and two MAC addresses */
                                       0x6c, 0xcf, 0x39, 0x6c, 0xde, 0xad, 0x6c, 0xcf, 0x39, 0x6c, 0xde, 0xae};
    uint8_t *memory = eeprom->memory, vendor[86] = {0};
    g_autofree char *serial = g_strdup_printf("VF7110B1-2253-D%03uE000-00000001", (unsigned)(ram_size / GiB));

    vendor[20] = vendor[21] = 32; /* lengths of the vendor's name and of the product's */
    pstrcpy((char *)vendor + 22, 32, "StarFive Technology Co., Ltd.");
    memcpy(vendor + 54, serial, MIN(32, strlen(serial)));

    eeprom->address = EEPROM_ADDRESS;
    memcpy(memory, "SFVF\x02\0", 6);
    stw_le_p(memory + 6, 2);
    uint8_t *end = put_atom(memory + 12, 1, 1, vendor, sizeof vendor);
    end = put_atom(end, 4, 2, custom, sizeof custom);
    stl_le_p(memory + 8, end - memory);
}

static void pmic_written(Jh7110I2cTarget *pmic, uint8_t at)
{
    uint8_t value = pmic->memory[at];

    if (at != PMIC_POWER || !(value & (POWER_OFF | POWER_RESET))) {
        return;
    }
    pmic->memory[at] = 0;
    if (value & POWER_RESET) { /* OpenSBI sets both for a reboot */
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    } else {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
    }
}

void jh7110_pmic_init(Jh7110I2cTarget *pmic)
{
    pmic->address = PMIC_ADDRESS;
    pmic->written = pmic_written;
}
