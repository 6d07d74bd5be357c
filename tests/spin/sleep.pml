/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The sleep of one hart and the pends of others as a model: hal/riscv/{harts.h,harts.c,pend_harts.c,port.c} and the
 * accesses of the executor that they rely on.
 *
 * Unlike executor.pml this one knows that a plain store may become visible later than loads behind it: it waits in
 * `late_…` until the process `memory` lets it through, or a fence, or an AMO with .aqrl of the same hart, has to.
 *
 * The sleeper polls its executor for the first time (settle), takes what is queued and requested, and sleeps. Each
 * pender pushes, which is an AMO, or requests, which is a plain store, and pends. A timer of its own may end a sleep.
 *
 * Proved: no assertion fails, and every end is the quiet one: nothing queued, nothing requested. -DBUG_x: a defect.
 */
#define PENDERS 2
#define TIMES 2

byte queue;         /* how many; 0: the tail is NULL */
bool request;
bool hart;          /* of the executor: false: it does not say yet that it is ours */
bool asleep;
bool ipi;
bool timer;

/* stores on their way */
bool late_asleep, late_asleep_value;
bool late_hart;
bool late_request[PENDERS];

/* ghosts */
bool in_wfi;
byte said, sent;    /* that it sleeps; interrupts */
byte done;

#define SLEEPERS_STORES_DONE (!late_asleep && !late_hart)

proctype sleeper()
{
    late_hart = true; /* em_executor_settle_ */
    do
    :: true ->
        if
        :: queue > 0 -> atomic { SLEEPERS_STORES_DONE; queue = 0 } /* take: an AMO */
        :: else
        fi;
        if
        :: request -> atomic { SLEEPERS_STORES_DONE; request = false } /* serve: an AMO */
        :: else
        fi;
#ifdef BUG_LOOK_FIRST
        if
        :: queue > 0 || request -> goto awake
        :: else
        fi;
#endif
#ifdef BUG_SLEEPER_NO_FENCE
        atomic { !late_asleep; late_asleep = true; late_asleep_value = true; said++ }
#else
        atomic { SLEEPERS_STORES_DONE; asleep = true; said++ } /* an AMO */
#endif
#if !defined(BUG_LOOK_FIRST) && !defined(BUG_NO_LOOK)
        if
        :: queue > 0 -> goto awake
        :: queue == 0
        fi;
        if
        :: request -> goto awake
        :: !request
        fi;
#endif
        in_wfi = true;
end_wfi:
        atomic { (ipi || timer); in_wfi = false; timer = false }
awake:
        atomic { !late_asleep; late_asleep = true; late_asleep_value = false }
        ipi = false /* em_ipi_clear_ */
    od
}

proctype pender(byte n)
{
    byte times = TIMES;
    bool first;

    do
    :: times > 0 ->
        times--;
        if
        :: atomic { first = (queue == 0); queue++ } /* push: an AMO, then pend on the edge */
        :: late_request[n] = true;
            first = true
        fi;
        if
        :: first ->
#ifndef BUG_PENDER_NO_FENCE
            !late_request[n]; /* the fence */
#endif
            if
            :: hart ->
                if
                :: asleep ->
#ifdef BUG_NO_SWAP
                    atomic { asleep = false; ipi = true; sent++ }
#else
                    atomic {
                        if
                        :: asleep -> asleep = false; ipi = true; sent++
                        :: else
                        fi
                    }
#endif
                    assert(sent <= said) /* no more than one each */
#ifdef BUG_NO_IPI
                    ; ipi = false
#endif
                :: !asleep
                fi
            :: !hart /* hart 0 is looked at, in vain */
            fi
        :: else
        fi;
        first = false
    :: else -> break
    od;
    !late_request[n];
    done++
}

/* Lets stores through. */
proctype memory()
{
end_nothing:
    do
    :: atomic { late_asleep -> asleep = late_asleep_value; late_asleep = false; late_asleep_value = false }
    :: atomic { late_hart -> hart = true; late_hart = false }
    :: atomic { late_request[0] -> request = true; late_request[0] = false }
    :: atomic { late_request[1] -> request = true; late_request[1] = false }
    od
}

/* An interrupt of its own, once. */
proctype alarm()
{
    timer = true
}

proctype quiet()
{
    timeout;
    assert(done == PENDERS && in_wfi && queue == 0 && !request)
}

init
{
    atomic {
        run sleeper();
        run pender(0);
        run pender(1);
        run memory();
        run alarm();
        run quiet()
    }
}
