/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_moderation.c: the short sleep with the interrupt off, in which arrivals
 * gather. What happens in it raises no interrupt, so hooks let it happen just
 * there: an arrival must be found by the round after it, a sender must learn
 * that somebody sleeps, close must not have to wait for it. Guards that
 * moderation delays and never loses.
 */
#include "support_device.h"
#include "support_traffic.h"
#include "unit.h"

#define FRAMES 128
#define CAPACITY 64
#define BUDGET 32

static struct scripted device;
static ferry_pool *pool;

static void begin(void (*before_wait)(struct scripted *device))
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, 0);
    device.moderation_ns = FERRY_MODERATION_MAX;
    device.before_wait = before_wait;
    device.arrivals = 1; /* the first round brings something, so that moderation follows it */
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

static void arrive_in_moderation(struct scripted *d)
{
    if (d->armed == 0 && d->scratch++ < 3) {
        scripted_arrive(d, 1);
        require(!d->line);
    }
}

static void arrivals_gather_and_are_found(void **state)
{
    (void)state;
    begin(arrive_in_moderation);
    scripted_open(&device, pool, 0, BUDGET);
    receive_numbered(pool, 0, 0, 4); /* one before, three in as many moderated sleeps */
    assert_true(counter_reaches(pool, 0, FERRY_SLEPT, 1)); /* then nothing comes, and it arms */
    assert_true(scripted_sleeps(&device));
    assert_int_equal(device.last_armed, FERRY_ARM_RX);
    scripted_arrive(&device, 1);
    receive_numbered(pool, 0, 4, 1);
    end();
}

static void send_in_moderation(struct scripted *d)
{
    if (d->armed == 0 && d->scratch != 0) {
        uint64_t descriptor = d->scratch;
        d->scratch = 0;
        require(ferry_bridge_send(d->pool, 0, &descriptor, 1) == (1 | FERRY_WAKE_BRIDGE));
        require(ferry_bridge_wake(d->pool, 0) == FERRY_OK);
    }
}

static void a_sender_may_end_it(void **state)
{
    (void)state;
    begin(send_in_moderation);
    device.scratch = numbered_frame(pool, 9);
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(scripted_sent_reaches(&device, 1));
    receive_numbered(pool, 0, 0, 1);
    end();
}

static void a_whole_round_is_not_followed_by_it(void **state)
{
    (void)state;
    uint64_t batch[CAPACITY];
    begin(NULL);
    device.arrivals = 2 * BUDGET;
    scripted_open(&device, pool, FERRY_INLINE, BUDGET);
    for (uint32_t i = 0; i < 2; i++) { /* an inline poll that may wait does not while there is more */
        assert_int_equal(ferry_bridge_poll(pool, 0, batch, 0, CAPACITY, INT64_MAX), BUDGET);
        give_back(pool, batch, BUDGET);
        assert_int_equal(device.waits, 0);
    }
    end();
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(arrivals_gather_and_are_found),
        GUARDED(a_sender_may_end_it),
        GUARDED(a_whole_round_is_not_followed_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
