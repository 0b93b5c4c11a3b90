/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failing.c: the chapter's failing driver, whole, against the card: a linked
 * list under a spin lock, a malloc and an interrupt for each packet, and a
 * consumer on a processor of its own that takes packets one at a time.
 *
 * In real time the two are threads. In virtual time both processors are
 * simulated by one thread, which always goes on with the one whose clock is
 * behind; who wants the lock while the other holds it waits. The consumer of
 * an empty list costs nothing there and wakes at once, which the chapter's does
 * not.
 */
#include <string.h>

#include "../../../native/chapter18/list.h"
#include "run.h"

#define LIST_LIMIT 65536 /* packets: bounds what a consumer that falls behind costs */

/* What the consumer of an empty list does before it asks for the lock again: some microseconds. If it asked at once, as the
 * chapter lets it, it would take the lock from the handler all the time, and the driver lose half as much again. */
#define IDLE_PAUSES 100

/* ---- real time -------------------------------------------------------------- */

static void sum_up(struct run *run, int64_t driver)
{
    struct chapter18_statistics s;
    check(chapter18_statistics(driver, &s) == FERRY_OK, "no statistics");
    run->list_dropped = s.dropped;
    check(s.truncated == 0 && s.errors == 0, "the failing driver failed in a way that is not the chapter's");
}

void run_failing(struct run *run)
{
    static uint8_t data[CHAPTER18_PACKET_MAX];
    struct ferry_address from;
    ferry_device *card = open_card(run, 0);
    pin_thread(0); /* the handler's thread begins where this one is */
    int64_t driver = chapter18_open_device(card, LIST_LIMIT);
    check(driver > 0, "no driver");
    pin_thread(1);
    for (;;) {
        bool last = all_taken(run, card);
        if (last) {
            sum_up(run, driver);
        }
        int64_t n = chapter18_receive(driver, data, sizeof data, 0, &from);
        if (n >= 0) {
            process_packet(run, data, (uint32_t)n);
        } else if (last && run->card.arrived == run->delivered + lost(run)) {
            break;
        } else {
            for (uint32_t i = 0; i < IDLE_PAUSES; i++) {
                pause_spin();
            }
        }
        note_depth(run, run->card.now, run->card.queued + run->card.received - run->delivered - run->list_dropped);
    }
    check(chapter18_close(driver) == FERRY_OK, "the driver was not closed");
}

/* ---- virtual time ------------------------------------------------------------ */

/* The two processors, and the lock between them. Times are ps of the card's clock, which is the first one's. */
struct machine {
    struct run *run;
    ferry_device *card;
    struct queue list;
    struct packet *arrived; /* taken out of the card, not in the list yet */
    uint64_t consumer;      /* the second processor's clock */
    uint64_t held;          /* until when the lock is held */
};

static uint64_t ps_of(const struct run *run, uint64_t cycles)
{
    return cycles * (UINT64_C(1000000000000) / 1000) / (run->costs.hz / 1000);
}

static uint64_t handler_ps(const struct machine *m)
{
    return m->card->ops->now(m->card->self) * 1000;
}

/* Takes the lock at `now` for one operation. Returns when it is done. */
static uint64_t locked(struct machine *m, uint64_t now)
{
    m->held = (now > m->held ? now : m->held) + ps_of(m->run, m->run->costs.lock);
    return m->held;
}

static void take_packet(struct machine *m)
{
    _Alignas(FERRY_META_BYTES) uint8_t meta[FERRY_META_BYTES];
    const struct ferry_device_ops *ops = m->card->ops;
    if (!(ops->wait(m->card->self, 1000000) & FERRY_ARM_RX)) {
        return;
    }
    struct packet *p = malloc(sizeof *p);
    check(p != NULL, "no memory");
    struct ferry_slot slot = {.data = p->data, .meta = meta, .capacity = sizeof p->data};
    check(ops->fill(m->card->self, &slot, 1) == 1 && slot.dropped == 0, "the card raised an interrupt for nothing");
    p->len = slot.length;
    ferry_nic_spend(m->card, m->run->costs.malloc);
    m->arrived = p;
}

static void queue_packet(struct machine *m)
{
    uint64_t now = handler_ps(m), wait = locked(m, now) - now;
    ferry_nic_spend(m->card, (wait * (m->run->costs.hz / 1000) + 999999999) / 1000000000);
    if (!enqueue(&m->list, m->arrived)) {
        m->run->list_dropped++;
        free(m->arrived);
    }
    m->arrived = NULL;
}

static void consume_packet(struct machine *m)
{
    const struct costs *costs = &m->run->costs;
    struct packet *p = dequeue(&m->list);
    process_packet(m->run, p->data, (uint32_t)p->len);
    free(p);
    m->consumer = locked(m, m->consumer) + ps_of(m->run, costs->frame + costs->malloc + costs->crossing);
}

void run_failing_virtual(struct run *run)
{
    struct machine m = {.run = run, .card = open_card(run, 0), .list = {.limit = LIST_LIMIT}};
    check(m.card->ops->arm(m.card->self, FERRY_ARM_RX) == FERRY_OK, "the card was not armed");
    bool last = false;
    while (!last || m.arrived != NULL || m.list.count != 0) {
        uint64_t now = handler_ps(&m);
        bool idle = m.list.count == 0;
        if (!idle && (m.consumer < now || (last && m.arrived == NULL))) {
            consume_packet(&m);
            continue;
        }
        m.consumer = idle && m.consumer < now ? now : m.consumer;
        if (m.arrived != NULL) {
            queue_packet(&m);
        } else {
            take_packet(&m);
        }
        last = all_taken(run, m.card);
        note_depth(run, run->card.now, run->card.queued + m.list.count);
    }
    m.card->ops->close(m.card->self);
}
