/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_udp.c: the system fails under an open UDP device: each call that
 * carries its traffic, with every errno, at the first call, later, and in the
 * middle of a burst. Guards the rule of what passes: EINTR and EAGAIN leave no
 * trace, an error of one datagram is counted and the stream goes on, and what
 * is left ends the bridge by its name. No datagram is lost that is not counted.
 */
#include <errno.h>
#include <unistd.h>

#include "support_system.h"
#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 64
#define CAPACITY 32
#define DATAGRAMS 8
#define TAKEN 3 /* messages that sendmmsg takes at once: a burst of eight is three calls */

static ferry_pool *pool;
static int32_t bridge;
static int peer;
static struct ferry_address peer_address, bound;

static bool is_one_of(int error, const int *errors)
{
    while (*errors != 0 && *errors != error) {
        errors++;
    }
    return *errors != 0;
}

/* What concerns one datagram, or one moment. */
static bool passes(int error)
{
    const int errors[] = {ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN,
                          ENOBUFS,      ENOMEM,       EINTR,       EPROTO,    0};
    return is_one_of(error, errors);
}

static void begin(bool is_inline)
{
    struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    peer = peer_open(FERRY_AF_INET, &peer_address);
    bridge = udp_bridge(pool, &config, is_inline, &bound);
}

static void end(void)
{
    system_works();
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    assert_sound(pool, 0);
    close(peer);
}

/* Waits for a datagram, which must have that number. Returns 1, or the error that ended the bridge. */
static int64_t receive_one(bool is_inline, uint64_t number)
{
    uint64_t frame;
    int64_t result = 0;
    for (int64_t end = now_ns() + PATIENCE_NS; result == 0 && now_ns() < end;) {
        result = is_inline ? ferry_bridge_poll(pool, bridge, &frame, 0, 1, PATIENCE_NS)
                           : ferry_bridge_receive(pool, bridge, &frame, 0, 1);
        result = result < 0 ? result : settle(pool, bridge, result);
        if (result == 0 && !is_inline) {
            ferry_bridge_wait(pool, bridge, FERRY_RX, PATIENCE_NS); /* an error is for the next look */
        }
    }
    if (result > 0) {
        assert_int_equal(frame_number(pool, frame), number);
        give_back(pool, &frame, 1);
    }
    return result;
}

/* Datagrams one by one, until all have come or the bridge has ended. Returns 1, or the error. */
static int64_t receive_all(bool is_inline)
{
    uint8_t payload[PAYLOAD_BYTES];
    int64_t result = 1;
    for (uint64_t i = 0; i < DATAGRAMS && result == 1; i++) {
        payload_write(payload, i);
        peer_send(peer, &bound, payload, sizeof payload);
        result = receive_one(is_inline, i);
    }
    return result;
}

/* `ends`: whether this errno of this call is to end the bridge, which both ends are told by its name. */
static void receive_through(enum system_call call, uint32_t after, int error, bool is_inline, bool ends)
{
    int32_t told = FERRY_ESYSTEM - error;
    uint64_t none[1];
    system_fails(call, after, ends ? SYSTEM_ALWAYS : 1, error);
    begin(is_inline);
    assert_int_equal(receive_all(is_inline), ends ? told : 1);
    if (ends) {
        assert_int_equal(ferry_bridge_send(pool, bridge, none, 0), told);
    } else {
        assert_true(system_failed(1));
    }
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    uint64_t counted = counter_of(pool, bridge, FERRY_RX_ERRORS);
    assert_int_equal(counted, call == SYSTEM_RECVMMSG && passes(error) ? 1 : 0);
    end();
}

static void each_error_of_reading(void **state)
{
    (void)state;
    const uint32_t points[] = {0, 1, 4};
    pool = pool_of(FRAMES, CAPACITY, 1);
    for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
        for (uint32_t i = 0; i < 6; i++) {
            bool ends = *error != EAGAIN && !passes(*error);
            receive_through(SYSTEM_RECVMMSG, points[i / 2], *error, i % 2 != 0, ends);
        }
    }
    close_sound(pool);
    pool = NULL;
}

static void each_error_of_waiting(void **state)
{
    (void)state;
    const uint32_t points[] = {0, 1, 4};
    const int passing[] = {EINTR, ENOMEM, 0};
    pool = pool_of(FRAMES, CAPACITY, 1);
    for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
        for (uint32_t i = 0; i < 6; i++) {
            receive_through(SYSTEM_PPOLL, points[i / 2], *error, i % 2 != 0, !is_one_of(*error, passing));
        }
    }
    close_sound(pool);
    pool = NULL;
}

/* The driver reads what woke it. Wakes it until that has failed; then it is as awake, or as dead, as it should be. */
static void each_error_of_being_woken(void **state)
{
    (void)state;
    const int passing[] = {EINTR, EAGAIN, 0};
    pool = pool_of(FRAMES, CAPACITY, 1);
    for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
        bool ends = !is_one_of(*error, passing);
        begin(false);
        system_fails(SYSTEM_READ, 0, ends ? SYSTEM_ALWAYS : 1, *error);
        assert_int_equal(ferry_bridge_wake(pool, bridge), FERRY_OK);
        assert_true(system_failed(1));
        if (ends) {
            assert_int_equal(receive_one(false, 0), FERRY_ESYSTEM - *error);
        } else {
            assert_int_equal(receive_all(false), 1);
        }
        assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
        end();
    }
    close_sound(pool);
    pool = NULL;
}

/* ---- sending ---- */

struct drain {
    bool is_inline;
    bool ended;
};

/* Nothing is left to be sent, or never will be. */
static bool drained(void *context)
{
    struct drain *drain = context;
    struct ferry_statistics statistics;
    uint64_t none[1];
    int64_t result = drain->is_inline ? ferry_bridge_poll(pool, bridge, none, 0, 0, 0) : 0;
    result = result < 0 ? result : ferry_bridge_send(pool, bridge, none, 0);
    drain->ended = result < 0;
    require(ferry_bridge_statistics(pool, bridge, &statistics) == FERRY_OK);
    return drain->ended || statistics.tx_queued == 0;
}

/* A burst of eight to the peer. The call that comes after 3 * `after` of them fails so often. Returns whether that ended
 * the bridge. */
static bool send_through(uint32_t after, uint32_t times, int error, bool is_inline)
{
    struct drain drain = {.is_inline = is_inline};
    uint64_t batch[DATAGRAMS];
    for (uint32_t i = 0; i < DATAGRAMS; i++) {
        batch[i] = numbered_frame(pool, i);
        set_peer(pool, &batch[i], &peer_address);
    }
    system_takes(TAKEN);
    system_fails(SYSTEM_SENDMMSG, after, times, error);
    assert_int_equal(settle(pool, bridge, ferry_bridge_send(pool, bridge, batch, DATAGRAMS)), DATAGRAMS);
    assert_true(eventually(drained, &drain));
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    return drain.ended;
}

/* The peer has got all but `dropped` datagrams, from number `first` on, and the counters say so. */
static void assert_sent_but(uint32_t first, uint32_t dropped)
{
    uint8_t payload[PAYLOAD_BYTES];
    assert_int_equal(counter_of(pool, bridge, FERRY_TX_FRAMES), DATAGRAMS - dropped);
    assert_int_equal(counter_of(pool, bridge, FERRY_TX_BYTES), (DATAGRAMS - dropped) * PAYLOAD_BYTES);
    assert_int_equal(counter_of(pool, bridge, FERRY_TX_DROPPED), dropped);
    for (uint32_t i = 0; i < DATAGRAMS; i++) {
        if (i < first || i >= first + dropped) {
            assert_int_equal(peer_receive(peer, payload, sizeof payload), PAYLOAD_BYTES);
            assert_int_equal(payload_read(payload), i);
        }
    }
}

static void one_error_of_sending(int error, uint32_t after, uint32_t times, bool is_inline)
{
    const int final[] = {EBADF, ENOTSOCK, 0};
    bool ends = is_one_of(error, final);
    begin(is_inline);
    bool ended = send_through(after, ends ? SYSTEM_ALWAYS : times, error, is_inline);
    assert_int_equal(ended, ends);
    uint32_t first = after * TAKEN;
    if (ends) {
        uint64_t frame;
        assert_int_equal(ferry_bridge_receive(pool, bridge, &frame, 0, 1), FERRY_ESYSTEM - error);
        assert_sent_but(first, DATAGRAMS - first); /* what went out before it counts as sent */
    } else {
        /* What passes is tried once more. */
        assert_sent_but(first, error == EAGAIN ? 0 : passes(error) ? times / 2 : times);
    }
    end();
}

static void each_error_of_sending(void **state)
{
    (void)state;
    pool = pool_of(FRAMES, CAPACITY, 1);
    for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
        for (uint32_t i = 0; i < 12; i++) {
            one_error_of_sending(*error, i / 4, 1 + i / 2 % 2, i % 2 != 0);
        }
    }
    close_sound(pool);
    pool = NULL;
}

static int clean_up(void **state)
{
    (void)state;
    system_works();
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(each_error_of_reading),
        GUARDED(each_error_of_waiting),
        GUARDED(each_error_of_being_woken),
        GUARDED(each_error_of_sending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
