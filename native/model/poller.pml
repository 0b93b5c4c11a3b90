/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poller.pml: the poller, as poller.c, rx.c and tx.c have it. Part of napi.pml.
 */

byte taken_in_round;

inline signal(which, sleeper)
{
    atomic {
#ifndef NO_FENCE_SIGNAL
        fence(POLLER);
#endif
        load(POLLER, which, seen);
        if
        :: seen -> store(POLLER, which, 0)
        :: else
        fi
    };
    if
    :: seen -> wake_word(POLLER, which, sleeper)
    :: else
    fi
}

inline transmit()
{
    sent = 0;
    congested = 0;
    do
    :: sent < BUDGET ->
        load(POLLER, tx_tail, seen);
        if
        :: seen == head -> break
        :: else
        fi;
        atomic {
            congested = (in_device == DEVICE_CAPACITY);
            if
            :: congested -> break
            :: else ->
                in_device++;
                head++;
                sent++;
                store(POLLER, tx_head, head)
            fi
        };
        signal(tx_producer_waits, SENDER)
    :: else -> break
    od
}

/* Takes one arrival. */
inline fill()
{
    d_step {
        fifo--;
        taken_in_round++;
        printf("takes a frame from the device, number %d of this round\n", taken_in_round)
    };
    assert(taken_in_round <= BUDGET)
}

/* A source that cannot wait is read all the same, and what it brings is dropped. */
inline discard()
{
    atomic {
        if
        :: fifo == 0 -> break
        :: else -> fill()
        fi;
        dropped++;
#ifndef DROPS_UNCOUNTED
        received++
#endif
    }
}

inline receive()
{
    received = 0;
    blocked = 0;
    starving = 0;
    do
    :: received < BUDGET ->
        load(POLLER, rx_head, seen);
        blocked = (tail - seen == RX_CAPACITY);
        if
        :: blocked
        :: else ->
            load(POLLER, given, seen);
            starving = (taken == FRAMES + seen)
        fi;
        if
#ifdef IMPATIENT
        :: blocked || starving ->
            blocked = 0;
            starving = 0;
            discard()
#else
        :: blocked || starving -> break
#endif
        :: else ->
            atomic {
                if
                :: fifo == 0 -> break
                :: else -> fill()
                fi;
                received++;
                taken++;
                tail++;
                store(POLLER, rx_tail, tail)
            };
            signal(rx_consumer_waits, RECEIVER)
        fi
    :: else -> break
    od;
    taken_in_round = 0
}

/* look_again(): the second look at the device. */
inline look_again()
{
    changed = 0;
#ifndef NO_SECOND_LOOK
    if
    :: congested ->
        transmit();
        changed = (sent || !congested)
    :: else
    fi;
    if
    :: wanted_rx ->
        receive();
        changed = (changed || received || starving || blocked)
    :: else
    fi
#endif
}

/* memory_has_work(): the second look at memory. */
inline look_at_memory()
{
    changed = 0;
#ifndef NO_LOOK_AT_MEMORY
    if
    :: !congested ->
        load(POLLER, tx_tail, seen);
        changed = (seen != head)
    :: else
    fi;
    if
    :: starving && !changed ->
        load(POLLER, given, seen);
        changed = (taken != FRAMES + seen)
    :: blocked && !changed ->
        load(POLLER, rx_head, seen);
        changed = (tail - seen != RX_CAPACITY)
    :: else
    fi
#endif
}

inline sleep_armed()
{
    atomic {
        store(POLLER, tx_consumer_waits, 1);
        if
        :: starving -> store(POLLER, starved, 1)
        :: blocked -> store(POLLER, rx_producer_waits, 1)
        :: else
        fi
    };
#ifndef NO_FENCE_POLLER
    fence(POLLER);
#endif
    look_at_memory();
    if
    :: changed
    :: else ->
        printf("the poller sleeps\n");
        d_step {
            line || woken ->
            line = 0;
            woken = 0;
            printf("the poller is awake\n")
        }
    fi;
    atomic {
        store(POLLER, tx_consumer_waits, 0);
        store(POLLER, rx_producer_waits, 0);
        if
        :: starving -> store(POLLER, starved, 0)
        :: else
        fi
    }
}

active proctype poller()
{
    byte head, tail, taken; /* its own indices; frames taken from the depot */
    byte sent, received, seen;
    bit congested, blocked, starving, wanted_rx, changed;
    do
    :: transmit();
        receive();
        if
        :: sent < BUDGET && received < BUDGET ->
            wanted_rx = !(starving || blocked);
            arm(wanted_rx, congested);
            look_again();
            if
            :: changed
            :: else -> sleep_armed()
            fi;
            arm(0, 0)
        :: else
        fi
    od
}
