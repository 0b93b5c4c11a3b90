/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card_clock.c: a simulated card's time, FIFO and interrupt. Only the thread
 * that drives the card, but for card_wake.
 *
 * The interrupt line is a level: it is raised while it is armed and the FIFO
 * holds a frame. A driver that does not look once more after arming loses
 * nothing by it; it pays another interrupt.
 */
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "card.h"

/* wait() spins through the last of its time: a timer of the system comes so much late. */
#define SPIN_PS (50000 * PS_PER_NS)

/* How often the driver's processor time is looked at, which costs 0.1 us; and the gap between two looks from which on the
 * system may be to blame for it. */
#define WITNESS_PS (50000 * PS_PER_NS)

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static uint64_t real_ps(const struct card *card)
{
    return (uint64_t)(clock_ns(CLOCK_MONOTONIC) - card->start_ns) * PS_PER_NS;
}

/* ---- stalls of the system ---------------------------------------------- */

/* Notes the processor time of the calling thread. */
static void witness(struct card *card)
{
    card->witness = (struct card_witness){pthread_self(), true, clock_ns(CLOCK_THREAD_CPUTIME_ID), card->now_ps, 0};
}

/* How long the system kept the driver off its processor in the gap since the look before, if that is most of the gap;
 * else 0. A gap that the driver worked, or slept, through is its own. */
static uint64_t stall_ps(const struct card *card, uint64_t gap)
{
    const struct card_witness *w = &card->witness;
    if (gap < WITNESS_PS || !w->seen || !pthread_equal(w->thread, pthread_self())) {
        return 0;
    }
    uint64_t worked = (uint64_t)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - w->processor_ns) * PS_PER_NS;
    uint64_t own = worked + w->slept_ps, passed = card->now_ps - w->ps;
    uint64_t off = passed > own ? passed - own : 0;
    return off > gap / 2 ? off : 0;
}

/* So many frames did not fit. */
static void lose(struct card *card, uint64_t frames, uint64_t gap)
{
    struct card_counters *c = &card->counters;
    uint64_t stall = card->virtual_time ? 0 : stall_ps(card, gap);
    count(stall != 0 ? &c->stalled : &c->dropped, frames);
    if (stall != 0) {
        count(&c->stalls, 1);
        if (stall / PS_PER_NS > load_relaxed(&c->longest_stall)) {
            store_relaxed(&c->longest_stall, stall / PS_PER_NS);
        }
    }
}

/* ---- the clock ----------------------------------------------------------- */

/* What has arrived by now goes into the FIFO. Returns how much did not fit. */
static uint64_t take_in(struct card *card)
{
    struct arrivals *arrivals = &card->arrivals;
    uint64_t number = load_relaxed(&card->counters.arrived), lost = 0, bytes = 0, before = number;
    for (; arrivals->ps <= card->now_ps; arrivals_next(arrivals), number++) {
        bytes += arrivals->bytes;
        if (card->rx_count == card->rx_depth) {
            lost++;
            continue;
        }
        uint32_t last = (card->rx_first + card->rx_count++) % card->rx_depth;
        card->rx[last] = (struct card_arrival){arrivals->ps, number, arrivals->bytes};
    }
    count(&card->counters.arrived, number - before);
    count(&card->counters.arrived_bytes, bytes);
    /* Release: publishes arrived to a reader in another thread, for whom 0 coming would not mean all arrived else. */
    store_release(&card->counters.coming, arrivals_coming(arrivals));
    return lost;
}

void card_look(struct card *card)
{
    uint64_t before = card->now_ps;
    if (!card->virtual_time) {
        card->now_ps = real_ps(card);
    }
    uint64_t lost = take_in(card);
    if (lost != 0) {
        lose(card, lost, card->now_ps - before);
    }
    if (!card->virtual_time && (!card->witness.seen || card->now_ps - card->witness.ps > WITNESS_PS)) {
        witness(card);
    }
    store_relaxed(&card->counters.queued, card->rx_count);
    store_relaxed(&card->counters.now, card->now_ps / PS_PER_NS);
}

static void set_virtual_time(struct card *card, uint64_t ps)
{
    card->now_ps = ps;
    store_relaxed(&card->virtual_ns, ps / PS_PER_NS);
}

void card_spend(struct card *card, uint64_t ps)
{
    if (card->virtual_time) {
        set_virtual_time(card, card->now_ps + ps);
        return;
    }
    for (uint64_t end = real_ps(card) + ps; real_ps(card) < end;) {
        pause_spin();
    }
}

uint64_t card_now(void *self)
{
    const struct card *card = self;
    return card->virtual_time ? load_relaxed(&card->virtual_ns) : real_ps(card) / PS_PER_NS;
}

/* ---- the interrupt --------------------------------------------------------- */

int32_t card_arm(void *self, uint32_t events)
{
    struct card *card = self;
    card->armed = events;
    if (card->virtual_time) {
        card_spend(card, card->arm_ps);
    }
    return FERRY_OK;
}

/* When frames can be completed: all that are on their way have left, or half of what the FIFO holds. Not for each: a wake
 * for every frame would cost more than sending it. */
static uint64_t departure_ps(const struct card *card)
{
    if (card->tx_count == 0) {
        return ARRIVALS_END;
    }
    uint32_t enough = (card->tx_depth + 1) / 2 < card->tx_count ? (card->tx_depth + 1) / 2 : card->tx_count;
    return card->tx[(card->tx_first + enough - 1) % card->tx_depth].ps;
}

/* The events that raise the line now. A completion always does, as the contract of wait() has it. */
static uint32_t events_now(const struct card *card)
{
    return (card->armed & FERRY_ARM_RX && card->rx_count != 0 ? FERRY_ARM_RX : 0) |
           (departure_ps(card) <= card->now_ps ? FERRY_ARM_TX : 0);
}

/* When the line will be raised next, as far as that is known. */
static uint64_t next_event(const struct card *card)
{
    uint64_t arrival = card->armed & FERRY_ARM_RX ? card->arrivals.ps : ARRIVALS_END;
    uint64_t departure = departure_ps(card);
    return arrival < departure ? arrival : departure;
}

static bool take_wake(struct card *card)
{
    return atomic_exchange_explicit(&card->woken, 0, memory_order_acquire) != 0;
}

/* Sleeps until shortly before `until`, or a wake. Returns false if the system refuses. */
static bool sleep_until(struct card *card, uint64_t until)
{
    uint64_t wakes;
    struct pollfd wake = {card->event, POLLIN, 0};
    uint64_t left_ns = (until - card->now_ps - SPIN_PS) / PS_PER_NS;
    struct timespec timeout = {(time_t)(left_ns / 1000000000), (long)(left_ns % 1000000000)};
    uint64_t begun = real_ps(card);
    if (ppoll(&wake, 1, until == ARRIVALS_END ? NULL : &timeout, NULL) < 0) {
        return false;
    }
    /* `woken` was set before the event, and is looked at after this. What is left of a wake that was seen without the event
     * ends one sleep for nothing. */
    (void)!read(card->event, &wakes, sizeof wakes);
    uint64_t took = real_ps(card) - begun, asked = left_ns * PS_PER_NS;
    card->witness.slept_ps += took < asked ? took : asked; /* what it overslept is the system's */
    return true;
}

/* Lets time pass until `until`, or a wake. */
static bool rest(struct card *card, uint64_t until)
{
    if (until == ARRIVALS_END) {
        return sleep_until(card, until); /* in virtual time, too: only another thread can end that */
    }
    if (card->virtual_time) {
        set_virtual_time(card, until);
    } else if (until - card->now_ps > SPIN_PS) {
        return sleep_until(card, until);
    } else {
        pause_spin();
    }
    return true;
}

static uint64_t deadline_of(const struct card *card, int64_t timeout_ns)
{
    uint64_t ns = (uint64_t)timeout_ns;
    bool ever = timeout_ns < 0 || ns >= (ARRIVALS_END - card->now_ps) / PS_PER_NS;
    return ever ? ARRIVALS_END : card->now_ps + ns * PS_PER_NS;
}

int32_t card_wait(void *self, int64_t timeout_ns)
{
    struct card *card = self;
    card_look(card);
    uint64_t begun = card->now_ps, deadline = deadline_of(card, timeout_ns);
    uint32_t events = 0;
    bool sound = true;
    while (sound && !take_wake(card) && (events = events_now(card)) == 0 && card->now_ps < deadline) {
        uint64_t next = next_event(card);
        sound = rest(card, next < deadline ? next : deadline);
        card_look(card);
    }
    card->idle_ps += card->now_ps - begun;
    store_relaxed(&card->counters.idle, card->idle_ps / PS_PER_NS);
    if (events != 0) {
        count(&card->counters.interrupts, 1);
        card_spend(card, card->interrupt_ps);
    }
    return (int32_t)events; /* a signal ended a sleep that was not sound: the caller looks around, and waits again */
}

void card_wake(void *self)
{
    const uint64_t one = 1;
    struct card *card = self;
    store_release(&card->woken, 1);
    /* The only failure is a counter about to overflow: then the event is set, which is all we want. */
    (void)!write(card->event, &one, sizeof one);
}
