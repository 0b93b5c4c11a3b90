/* SPDX-License-Identifier: Apache-2.0 */
/*
 * napi.pml: the poller's sleep as a model for the model checker SPIN. Run by
 * check.sh, which also takes out one part at a time; README.md says which
 * function of the library each part stands for.
 *
 * Every thread has a store buffer, as on x86-64 (memory.pml). The device's
 * interrupt is an edge: what arrives while it is off stays silent for ever.
 *
 * Two promises are checked, in every order in which all this can happen:
 *   left_behind     when nothing can move any more, nothing is left to do;
 *   taken_in_round  a round takes no more from the device than its budget.
 */

/* check.sh defines ARRIVALS and SENDS: frames that arrive, and that are sent. The rest is as small as shows everything:
 * rounds that are full and that are not, a full ring, an empty pool, a device that takes no more. */
#define BUDGET 2
#define FRAMES 1
#define RX_CAPACITY 1
#define TX_CAPACITY 1
#define DEVICE_CAPACITY 1 /* frames that the device takes before it has sent one */

#include "memory.pml"

/* ---- the device ---- */

byte fifo, in_device, dropped;
bit armed_rx, armed_tx, line; /* line: an interrupt that wait() has not taken */
bit woken;                    /* a wake() that wait() has not taken */

/* Arrives first and raises the interrupt then, as a DMA write comes before its interrupt. */
active proctype arrivals()
{
    byte n;
    do
    :: n < ARRIVALS ->
        fifo++;
        n++;
        printf("a frame arrives\n");
        line = line || armed_rx
    :: else -> break
    od
}

active proctype departures()
{
    byte n;
    do
    :: n < SENDS ->
        atomic { in_device > 0 -> in_device-- };
        n++;
        line = line || armed_tx
    :: else -> break
    od
}

/* Enables the interrupt for what it is given, and forgets one that nobody has taken. */
inline arm(rx, tx)
{
    d_step {
        armed_rx = rx;
        armed_tx = tx;
        line = 0;
        printf("arms for rx %d, tx %d\n", rx, tx)
    }
}

#include "poller.pml"

/* ---- the sender and the receiver (ends.c, wait.c, pool.c) ---- */

/* ferry_bridge_wake(). */
inline bridge_wake(thread)
{
    atomic {
        store(thread, tx_consumer_waits, 0);
        store(thread, rx_producer_waits, 0)
    };
    atomic {
#ifndef NO_ORDER_IN_WAKE
        fence(thread); /* wake() is a system call or takes a lock */
#endif
        woken = 1;
        printf("wakes the poller\n")
    }
}

/* wait_threaded(): sleeps while the other side's index is still `index`. */
inline wait(thread, which, other, index)
{
    do
    :: store(thread, which, 1);
        atomic {
#ifndef NO_FENCE_WAIT
            fence(thread);
#endif
            load(thread, other, seen)
        };
        if
        :: seen != index -> break
        :: else -> sleep_word(thread, which)
        fi
    od;
    store(thread, which, 0)
}

active proctype sender()
{
    byte tail, seen;
    bit room;
    do
    :: tail < SENDS ->
        atomic {
            load(SENDER, tx_head, seen);
            room = (tail - seen != TX_CAPACITY);
            if
            :: room ->
                tail++;
                store(SENDER, tx_tail, tail)
            :: else
            fi
        };
        if
        :: !room -> wait(SENDER, tx_producer_waits, tx_head, tail - TX_CAPACITY)
        :: else ->
            atomic {
#ifndef NO_FENCE_SENDER
                fence(SENDER);
#endif
                load(SENDER, tx_consumer_waits, seen)
            };
            if
            :: seen -> bridge_wake(SENDER)
            :: else
            fi
        fi
    :: else -> break
    od
}

/* Gives the last frame back and takes the next, as one ferry_bridge_receive() does, then wakes who slept for either. */
active proctype receiver()
{
    byte head, seen;
    bit idle, got, wakes_pool;
    do
    :: atomic {
            if
            :: got -> store(RECEIVER, given, head)
            :: else
            fi;
            load(RECEIVER, rx_tail, seen);
            idle = (seen == head && !got);
            got = (seen != head);
            if
            :: got ->
                head++;
                store(RECEIVER, rx_head, head)
            :: else
            fi
        };
        if
        :: idle -> wait(RECEIVER, rx_consumer_waits, rx_tail, head)
        :: else ->
            atomic {
#ifndef NO_FENCE_RECEIVER
                fence(RECEIVER);
#endif
                load(RECEIVER, starved, wakes_pool)
            };
            load(RECEIVER, rx_producer_waits, seen);
            if
            :: wakes_pool -> /* ferry_pool_wake() */
                d_step {
                    buffer[RECEIVER].count == 0 -> /* an exchange drains */
                    wakes_pool = memory[starved];
                    memory[starved] = 0
                };
                if
                :: wakes_pool -> bridge_wake(RECEIVER)
                :: else
                fi;
                wakes_pool = 0
            :: else
            fi;
            if
            :: seen -> bridge_wake(RECEIVER)
            :: else
            fi
        fi
    od
}

/* ---- the promise ---- */

/* Who sleeps waits for somebody else: when nobody can move, nothing may be left to do. */
active proctype rest()
{
    byte left_behind;
    bit rested;
    timeout ->
    left_behind = (ARRIVALS - memory[rx_head] - dropped) + (SENDS - memory[tx_head]) + in_device +
                  (memory[rx_head] - memory[given]);
    printf("all sleep; left behind: %d\n", left_behind);
    assert(left_behind == 0);
#ifdef NO_REST
    rested = 1; /* must be found: a poller that never rests would keep the promise, too */
    assert(!rested)
#endif
}
