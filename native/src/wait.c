/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait.c: how the two ends of a bridge sleep, and how they are woken.
 *
 * The sleeper says that it sleeps (its word in the ring), fences, looks once
 * more, and sleeps on that word; the other side publishes, fences, looks at
 * the word, and wakes it. One of the two looks always sees the other's store.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "poller.h"

#define NS_PER_S INT64_C(1000000000)

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void wake_word(_Atomic uint32_t *word)
{
    fence(); /* what the sleeper is to find, before the word: x86-64 keeps two stores in order by itself, others do not */
    store_relaxed(word, 0); /* before the wake: who comes to sleep now finds what was published */
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/* Sleeps while *word is 1: until wake_word, a signal, or the timeout. */
static void sleep_word(_Atomic uint32_t *word, int64_t timeout_ns)
{
    struct timespec timeout = {timeout_ns / NS_PER_S, timeout_ns % NS_PER_S};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 1, &timeout, NULL, 0);
}

static bool ring_ready(struct bridge *bridge, uint32_t what)
{
    return what == FERRY_RX ? ring_filled(&bridge->rx) != 0 : ring_filled(&bridge->tx) < bridge->tx.capacity;
}

/* Whether there is a reason to return to the caller. */
static bool ready(struct bridge *bridge, uint32_t what)
{
    return ring_ready(bridge, what) || load_relaxed(&bridge->interrupted[what]) != 0 ||
           load_relaxed(&bridge->state) != BRIDGE_OPEN || load_relaxed(&bridge->error) != FERRY_OK;
}

/* A wake costs the other side a system call, and this one a switch: spinning as long as that first loses little. */
static bool spin(struct bridge *bridge, uint32_t what, int64_t until)
{
    do {
        for (uint32_t i = 0; i < 32; i++) {
            if (ready(bridge, what)) {
                return true;
            }
            pause_spin();
        }
    } while (now_ns() < until);
    return false;
}

static void wait_threaded(struct bridge *bridge, uint32_t what, int64_t timeout_ns)
{
    _Atomic uint32_t *word =
        what == FERRY_RX ? &bridge->rx.words->consumer_waits : &bridge->tx.words->producer_waits;
    int64_t start = now_ns();
    int64_t end = timeout_ns > INT64_MAX - start ? INT64_MAX : start + timeout_ns;
    int64_t spin_end = start + bridge->spin_ns < end ? start + bridge->spin_ns : end;
    if (ready(bridge, what) || (bridge->spin_ns != 0 && spin(bridge, what, spin_end))) {
        return;
    }
    for (int64_t left; (left = end - now_ns()) > 0;) {
        store_relaxed(word, 1);
        /* Our word is out before we look at the ring again; the other side's tail (head) is out before it looks at our
         * word. Without the two fences both can miss, and we sleep beside a full (an empty) ring. */
        fence();
        if (ready(bridge, what)) {
            break;
        }
        sleep_word(word, left);
    }
    store_relaxed(word, 0);
}

void wait_inline(struct bridge *bridge, uint32_t what, int64_t timeout_ns)
{
    if (!ready(bridge, what)) {
        poller_rest(bridge, what == FERRY_RX ? FERRY_ARM_RX | FERRY_ARM_TX : FERRY_ARM_TX, timeout_ns);
    }
    atomic_exchange(&bridge->interrupted[what], 0);
}

int32_t ferry_bridge_wait(ferry_pool *pool, int32_t number, uint32_t what, int64_t timeout_ns)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL || what > FERRY_TX || timeout_ns < 0) {
        return FERRY_EINVAL;
    }
    if (!bridge_enter(bridge)) {
        return FERRY_ECLOSED;
    }
    if (bridge->flags & FERRY_INLINE) {
        wait_inline(bridge, what, timeout_ns);
    } else {
        wait_threaded(bridge, what, timeout_ns);
    }
    int32_t error = load_acquire(&bridge->error); /* before the look: nothing follows an error */
    int32_t result = ring_ready(bridge, what) ? 1 : error;
    atomic_exchange(&bridge->interrupted[what], 0);
    bridge_leave(bridge);
    return result;
}

int32_t ferry_bridge_interrupt(ferry_pool *pool, int32_t number, uint32_t what)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL || what > FERRY_TX) {
        return FERRY_EINVAL;
    }
    if (!bridge_enter(bridge)) {
        return FERRY_ECLOSED;
    }
    atomic_store(&bridge->interrupted[what], 1);
    if (bridge->flags & FERRY_INLINE) {
        bridge->device.ops->wake(bridge->device.self);
    } else {
        wake_word(what == FERRY_RX ? &bridge->rx.words->consumer_waits : &bridge->tx.words->producer_waits);
    }
    bridge_leave(bridge);
    return FERRY_OK;
}

/* Each end of a loop sleeps on its word. Wakes both: who asks is one of them, and awake. */
static void wake_ends(struct bridge *bridge)
{
    _Atomic uint32_t *words[] = {&bridge->rx.words->consumer_waits, &bridge->rx.words->producer_waits};
    for (uint32_t i = 0; i < 2; i++) {
        if (load_relaxed(words[i]) != 0) {
            wake_word(words[i]);
        }
    }
}

int32_t ferry_bridge_wake(ferry_pool *pool, int32_t number)
{
    struct bridge *bridge = bridge_at(pool, number);
    if (bridge == NULL) {
        return FERRY_EINVAL;
    }
    if (!bridge_enter(bridge)) {
        return FERRY_ECLOSED;
    }
    if (bridge_loops(bridge)) {
        wake_ends(bridge);
    } else {
        /* Before the wake: senders who come now need not wake it again. */
        store_relaxed(&bridge->tx.words->consumer_waits, 0);
        store_relaxed(&bridge->rx.words->producer_waits, 0);
        bridge->device.ops->wake(bridge->device.self);
    }
    bridge_leave(bridge);
    return FERRY_OK;
}
