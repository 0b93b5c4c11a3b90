/* SPDX-License-Identifier: Apache-2.0 */
/*
 * litmus_wake_receiver.c: the receiver goes to sleep while a frame arrives. See
 * support_litmus.h. Guards the fences of the poller's signal and of
 * ferry_bridge_wait. Nothing sleeps: the library's futex call, taken over here,
 * spins until it is woken or it is certain that nobody will.
 */
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "frameferry/device.h"
#include "support_litmus.h"

static ferry_pool *pool;
static struct litmus litmus = {.seed = 1};
static uint64_t poller_seed = 2;

static _Atomic uint64_t standing; /* the poller stands before the arrival of this round; its look of the last is over */
static _Atomic uint64_t go;       /* rounds that it may pass */
static uint64_t round_now;        /* the receiver's */

static int32_t stand_and_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    (void)self, (void)n;
    uint64_t round = load_relaxed(&standing) + 1;
    if (round == 1) {
        pin_thread(1);
    }
    store_release(&standing, round);
    SPIN_UNTIL(load_acquire(&go) >= round);
    if (load_acquire(&go) == UINT64_MAX) {
        return 0;
    }
    payload_write(slots[0].data, round);
    slots[0].length = PAYLOAD_BYTES;
    litmus_sweep(&poller_seed);
    return 1;
}

static int32_t no_arm(void *self, uint32_t events)
{
    (void)self, (void)events;
    return FERRY_OK;
}

static int32_t no_wait(void *self, int64_t timeout_ns)
{
    (void)self, (void)timeout_ns;
    return FERRY_OK;
}

static void no_wake(void *self)
{
    (void)self;
}

/* In place of libc's: wait.c makes futex calls only. The receiver's look has missed when it comes here to sleep. */
long syscall(long number, ...)
{
    va_list arguments;
    va_start(arguments, number);
    _Atomic uint32_t *word = va_arg(arguments, _Atomic uint32_t *);
    int operation = va_arg(arguments, int);
    va_end(arguments);
    require(number == SYS_futex);
    if (operation == FUTEX_WAIT_PRIVATE) {
        SPIN_UNTIL(load_acquire(word) == 0 || load_acquire(&standing) > round_now);
        if (load_acquire(word) != 0) { /* the poller has looked, too, and gone on */
            litmus.lost++;
            store_release(word, 0);
        }
    }
    return 0;
}

static void race(void)
{
    uint64_t descriptor;
    SPIN_UNTIL(load_acquire(&standing) == round_now);
    store_release(&go, round_now);
    litmus_sweep(&litmus.seed);
    require(ferry_bridge_wait(pool, 0, FERRY_RX, PATIENCE_NS) == 1);
    require(settle(pool, 0, ferry_bridge_receive(pool, 0, &descriptor, 0, 1)) == 1);
    require(frame_number(pool, descriptor) == round_now);
    give_back(pool, &descriptor, 1);
}

int main(void)
{
    const struct ferry_device_ops ops = {.abi = FERRY_DEVICE_ABI,
                                         .bytes = sizeof ops,
                                         .flags = FERRY_DEVICE_LEVEL,
                                         .fill = stand_and_fill,
                                         .arm = no_arm,
                                         .wait = no_wait,
                                         .wake = no_wake,
                                         .close = no_wake};
    const struct ferry_bridge_config config = {.budget = 64};
    ferry_device device = {&ops, NULL};
    if (!pin_thread(1) || !pin_thread(0)) {
        return LITMUS_SKIPPED;
    }
    pool = pool_of(1024, 8, 1);
    require(ferry_bridge_open(pool, &device, &config) == 0);
    while (litmus_goes_on(&litmus)) {
        round_now++;
        race();
    }
    store_release(&go, UINT64_MAX);
    require(ferry_bridge_close(pool, 0) == FERRY_OK && ferry_bridge_reclaim(pool, 0) == FERRY_OK);
    close_sound(pool);
    return litmus_verdict(&litmus);
}
