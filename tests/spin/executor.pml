/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor as a model: state word, run queue, batch, spawn and respawn, sleep, interrupt.
 *
 * One statement here is one memory access of executor/{run_queue.h,waker.c,spawner.c,executor.c}, in the
 * same order and with the same names; what is in an atomic block is one AMO. What only the proof
 * looks at (ghosts) is changed in the same step as the access it watches.
 *
 * Two worlds, by -D:
 *   QUEUE  one executor, two tasks that live for ever; an interrupt on its hart and two other harts wake them
 *   LIFE   two executors, one slot that is claimed, spawned on either, ended, claimed again, while two
 *          wakers of former tenants go off at any time
 *
 * Proved (run_spin.py): no assertion fails, every end is the quiet one (`quiet` below), and no fair cycle
 * exists; together: each wake and each spawn is followed by a poll.
 * -DBUG_x: the same with a defect, which the assertions must find.
 */
#define CLAIMED 1
#define SPAWNED 2
#define FRESH 4
#define QUEUED 8
#define READY (QUEUED | SPAWNED | CLAIMED)
#define NIL 7

#ifdef QUEUE
#define TASKS 2
#define EXECUTORS 1
#else
#define TASKS 1
#define EXECUTORS 2
#endif
#ifdef SMALL /* for the search for cycles, which costs several times the states */
#define WAKES 1
#define LIVES 2
#elif defined(QUEUE)
#define WAKES 2
#else
#define WAKES 3
#define LIVES 3
#endif

/* em_task */
byte state[TASKS];
byte next[TASKS];
byte owner[TASKS]; /* em_task.executor */

/* em_executor */
byte head[EXECUTORS];
byte tail[EXECUTORS];

/* the hart of an executor */
bool masked[EXECUTORS];
bool in_isr[EXECUTORS];
bool irq_pending[EXECUTORS];
bool ipi_pending[EXECUTORS];

/* ghosts */
bool linked[TASKS];      /* in a run queue or in the rest of a batch */
bool owed[TASKS];        /* woken or spawned, and not polled since */
bool polling[TASKS];
bool asleep[EXECUTORS];
byte edges[EXECUTORS];   /* empty -> non-empty, without a pend yet */

inline pend(exec)
{
    atomic {
        assert(edges[exec] > 0);
        edges[exec]--;
#ifndef BUG_NO_PEND
        if
        :: masked[exec] -> ipi_pending[exec] = true /* unmasked, it is taken at once and does nothing */
        :: else
        fi
#endif
    }
}

/* em_run_queue_push_, then em_port_pend. The caller's hart is masked, or nobody else is on it. */
inline push(exec, task)
{
#ifdef BUG_NIL_LATE
    atomic {
        assert(!linked[task]);
        linked[task] = true;
    }
#else
    atomic {
        assert(!linked[task]);
        linked[task] = true;
        next[task] = NIL;
    }
#endif
    atomic {
        last = tail[exec];
        tail[exec] = task;
        if
        :: last == NIL -> edges[exec]++
        :: else
        fi
    }
#ifdef BUG_NIL_LATE
    next[task] = NIL;
#endif
    /* the gap */
    if
    :: last == NIL -> head[exec] = task
    :: else -> next[last] = task
    fi;
#ifdef BUG_PEND_ALWAYS
    pend(exec);
#else
    if
    :: last == NIL -> pend(exec)
    :: else
    fi;
#endif
    last = NIL
}

/* em_wake */
inline wake(task)
{
    atomic {
        go = (state[task] & QUEUED) == 0;
        state[task] = state[task] | QUEUED;
        owed[task] = true;
#ifdef BUG_NO_FLAG
        go = true
#endif
    }
    if
    :: go ->
        to = owner[task];
        push(to, task);
        to = 0
    :: else
    fi
}

/* em_spawn, of a claimed slot */
inline spawn(exec, task)
{
    owner[task] = exec;
    atomic {
        assert((state[task] & (CLAIMED | SPAWNED)) == CLAIMED);
        go = (state[task] & QUEUED) == 0;
        state[task] = state[task] | SPAWNED | FRESH | QUEUED;
        owed[task] = true
    }
    if
    :: go -> push(exec, task)
    :: else
    fi
}

/* The task's poll function, and what the executor does when it is done. */
inline poll(exec, task)
{
    atomic {
        assert(state[task] & SPAWNED);
        assert(owner[task] == exec);
        assert(!polling[task]);
        polling[task] = true;
        owed[task] = false
    }
    /* here the task looks at what the wakers wrote; wakes may come meanwhile */
    if
#ifdef LIFE
    :: true -> /* em_task_finish_ */
        atomic {
            polling[task] = false;
            owed[task] = false;
#ifdef BUG_END_UNQUEUES
            state[task] = 0
#else
            state[task] = state[task] & QUEUED
#endif
        }
#endif
    :: true ->
        polling[task] = false
    fi
}

/* em_resolve_odd_state_: falls through to the poll, or goes to done */
inline resolve(exec, task)
{
    atomic {
        if
#ifndef BUG_NO_SPAWNED
        :: (st & SPAWNED) == 0 -> goto done /* a stale wake */
#endif
#ifndef BUG_NO_FRESH
        :: (st & SPAWNED) && (st & FRESH)
#endif
        :: else -> goto ready
        fi
    }
#if defined(BUG_OLD_SNAPSHOT) || defined(BUG_NOT_HELD)
    atomic {
        if
        :: owner[task] != exec -> masked[exec] = true
        :: else -> goto ours
        fi
    }
    wake(task); /* passes it on */
    unmask(exec);
    goto done;
ours:
    atomic {
#ifndef BUG_OLD_SNAPSHOT
        st = state[task];
#endif
        state[task] = state[task] & ~FRESH;
        if
        :: (st & SPAWNED) == 0 -> goto done
        :: else
        fi
    }
#else
    atomic { /* holds it */
        st = state[task];
        state[task] = st | QUEUED;
        if
        :: st & QUEUED -> goto done
        :: else
        fi
    }
    atomic {
        to = owner[task];
        if
#if defined(BUG_HELD_WITHOUT_LIFE)
        :: to != exec -> masked[exec] = true
#elif defined(BUG_HELD_WHILE_POLLED)
        :: to != exec || (st & SPAWNED) == 0 -> masked[exec] = true
#else
        :: to != exec || (st & FRESH) == 0 -> masked[exec] = true
#endif
        :: else -> to = 0; goto ours
        fi
    }
    push(to, task); /* passes it on */
    to = 0;
    unmask(exec);
    goto done;
ours:
    state[task] = state[task] & ~(QUEUED | FRESH);
#endif
}

/* From here on the hart's interrupts are taken; the software interrupt does nothing. */
inline unmask(exec)
{
    atomic { masked[exec] = false; ipi_pending[exec] = false }
}

/* em_executor_run; an interrupt stops it at once, until it is over */
#ifdef QUEUE
#define STOPPED_BY_INTERRUPTS provided (!in_isr[e] && (masked[e] || !irq_pending[e]))
#else
#define STOPPED_BY_INTERRUPTS
#endif
proctype executor(byte e) STOPPED_BY_INTERRUPTS
{
    byte t = NIL, last = NIL, batch_last = NIL, following = NIL, st = 0, to = 0;
    bool go = false;

loop:
    /* em_run_queue_take_ */
    atomic {
        t = head[e];
        if
        :: t == NIL -> goto sleep
        :: else
        fi
    }
#ifdef BUG_HEAD_LATE
    atomic { batch_last = tail[e]; tail[e] = NIL }
    head[e] = NIL;
#else
    head[e] = NIL;
    atomic { batch_last = tail[e]; tail[e] = NIL }
#endif

batch:
#ifndef BUG_NEXT_LATE
    /* em_run_queue_next_: waits for a producer in its gap */
    atomic { (next[t] != NIL || t == batch_last); following = next[t] }
#endif
    atomic {
        st = state[t];
#ifndef BUG_CLEAR_LATE
        state[t] = st & ~QUEUED;
        linked[t] = false;
#endif
        if
        :: st == READY -> goto ready
        :: else
        fi
    }
    resolve(e, t);
ready:
    poll(e, t);
done:
#ifdef BUG_CLEAR_LATE
    atomic { state[t] = state[t] & ~QUEUED; linked[t] = false }
#endif
#ifdef BUG_NEXT_LATE
    atomic { (next[t] != NIL || t == batch_last); following = next[t] }
#endif
    atomic {
        t = following;
        following = NIL;
        st = 0;
        if
        :: t != NIL -> goto batch
        :: else -> batch_last = NIL; goto loop
        fi
    }

sleep:
#ifdef BUG_SLEEP_BEFORE_MASK
    (tail[e] == NIL);
    masked[e] = true;
    asleep[e] = true;
#else
    masked[e] = true;
    atomic {
        if
        :: tail[e] == NIL -> asleep[e] = true
        :: else -> goto awake
        fi
    }
#endif
end_wfi:
    atomic { (irq_pending[e] || ipi_pending[e]); asleep[e] = false } /* wfi */
awake:
    unmask(e);
    goto loop
}

/* n interrupts on the hart of e, each of which wakes t */
proctype interrupt(byte e; byte t; byte n)
{
    byte last = NIL, to = 0;
    bool go = false;

    do
    :: n > 0 ->
        irq_pending[e] = true;
        atomic { (!masked[e]); in_isr[e] = true; irq_pending[e] = false }
        wake(t);
        atomic { in_isr[e] = false; n-- }
    :: else -> break
    od
}

/* Another hart: wakes t n times, then its other task once. */
proctype waker(byte t; byte n)
{
    byte last = NIL, to = 0;
    bool go = false;

end_unborn:
    (owner[t] != NIL); /* there has been a tenant to hand the waker out */
    do
    :: n > 0 -> wake(t); n--
    :: else -> break
    od;
#ifdef QUEUE
    wake(1 - t)
#endif
}

/* Another hart: claims the slot and spawns, on either executor, n times. */
proctype spawner(byte n)
{
    byte last = NIL, e = 0;
    bool go = false;

    do
    :: n > 0 ->
end_no_slot:
        atomic { (state[0] & CLAIMED) == 0; state[0] = state[0] | CLAIMED }
        if
        :: e = 0
        :: e = 1
        fi;
        spawn(e, 0);
        atomic { n--; e = 0 }
    :: else -> break
    od
}

/* Nobody can go on: all sleep, nothing is queued, nothing is owed. */
proctype quiet()
{
    byte i = 0;

    timeout;
    d_step {
        do
        :: i < EXECUTORS ->
            assert(asleep[i] && !ipi_pending[i]);
            assert(tail[i] == NIL && head[i] == NIL && edges[i] == 0);
            i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < TASKS ->
            assert(!linked[i] && !polling[i] && (state[i] & QUEUED) == 0);
            assert(!((state[i] & SPAWNED) && owed[i]));
            i++
        :: else -> break
        od
    }
}

init
{
    byte i = 0;

    d_step {
        do
        :: i < TASKS ->
            next[i] = NIL;
#ifdef QUEUE
            owner[i] = 0;
            state[i] = SPAWNED | CLAIMED;
#else
            owner[i] = NIL;
#endif
            i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < EXECUTORS -> head[i] = NIL; tail[i] = NIL; i++
        :: else -> break
        od;
        i = 0
    }
    atomic {
        run executor(0);
#ifdef QUEUE
        run interrupt(0, 0, WAKES);
        run waker(0, WAKES - 1);
        run waker(1, 1);
#else
        run executor(1);
        run spawner(LIVES);
        run waker(0, WAKES - 1);
        run waker(0, 1);
#endif
        run quiet()
    }
}
