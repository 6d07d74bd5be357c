/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The mock driver: one hart, one alarm, and time as a variable.
 *
 * Flow: em_mock_clock_advance -> em_time_on_alarm
 */
#include <em/mock_clock.h>

static uint64_t now;
static uint64_t alarm_at = UINT64_MAX;
static unsigned alarms_set;

static void raise_if_due(void)
{
    if (alarm_at <= now) {
        alarm_at = UINT64_MAX;
        em_time_on_alarm();
    }
}

uint64_t em_time_driver_now(void)
{
    return now;
}

void em_time_driver_set_alarm(uint64_t at)
{
    alarm_at = at;
    alarms_set++;
    raise_if_due();
}

void em_mock_clock_reset(void)
{
    now = 0;
    alarm_at = UINT64_MAX;
    alarms_set = 0;
}

void em_mock_clock_advance(em_duration d)
{
    now += d.ticks;
    raise_if_due();
}

em_instant em_mock_clock_alarm(void)
{
    return (em_instant){alarm_at};
}

unsigned em_mock_clock_alarms_set(void)
{
    return alarms_set;
}
