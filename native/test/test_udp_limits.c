/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_udp_limits.c: what the UDP device refuses, drops and counts: ports that
 * are taken, addresses that are not the machine's, datagrams that do not fit,
 * the kernel's own drops, frames that cannot be sent. Guards that each loss
 * shows under its cause, to the last datagram, and each refusal under its name.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "devices/udp.h"
#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 64
#define CAPACITY 16

static ferry_pool *pool;
static int32_t bridge;

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    close_sound(pool);
    pool = NULL;
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

#define EACH_CASE(way) \
    struct udp_case way; \
    for (uint32_t number = 0; number < UDP_CASES && udp_case(number, &way); number++)

static void refused(const struct ferry_udp_config *config, int32_t error)
{
    ferry_device *device = NULL;
    struct ferry_address bound;
    assert_int_equal(ferry_udp_open(config, &device, &bound), error);
    assert_null(device);
}

static void what_cannot_be_opened_is_named(void **state)
{
    (void)state;
    ferry_device *device;
    struct ferry_address taken;
    struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    refused(NULL, FERRY_EINVAL);
    assert_int_equal(ferry_udp_open(&config, NULL, &taken), FERRY_EINVAL);
    assert_int_equal(ferry_udp_open(&config, &device, NULL), FERRY_EINVAL);
    refused(&(struct ferry_udp_config){.local = {.family = FERRY_AF_NONE}}, FERRY_EINVAL);
    refused(&(struct ferry_udp_config){.local = {.family = 1}}, FERRY_EINVAL);
    refused(&(struct ferry_udp_config){.local = loopback(FERRY_AF_INET, 0), .remote = loopback(FERRY_AF_INET6, 7)},
            FERRY_EINVAL);

    int peer = peer_open(FERRY_AF_INET, &taken);
    config.local = taken;
    refused(&config, -1098);
    assert_string_equal(ferry_error_name(-1098), "EADDRINUSE");
    close(peer);

    config.local = (struct ferry_address){.family = FERRY_AF_INET, .flow = htonl(0xC0000201)}; /* 192.0.2.1, nobody's */
    refused(&config, FERRY_ESYSTEM - EADDRNOTAVAIL);
}

static void a_port_may_be_shared_when_both_say_so(void **state)
{
    (void)state;
    ferry_device *devices[2];
    struct ferry_address bound, again;
    struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0), .flags = FERRY_UDP_REUSE_PORT};
    assert_int_equal(ferry_udp_open(&config, &devices[0], &bound), FERRY_OK);
    config.local = bound;
    assert_int_equal(ferry_udp_open(&config, &devices[1], &again), FERRY_OK);
    assert_true(same_address(&bound, &again));
    config.flags = 0;
    refused(&config, FERRY_ESYSTEM - EADDRINUSE);
    for (uint32_t i = 0; i < 2; i++) {
        devices[i]->ops->close(devices[i]->self);
    }
}

static void an_ipv6_socket_leaves_ipv4_alone_when_told_to(void **state)
{
    (void)state;
    struct udp_case way;
    ferry_device *both, *only;
    struct ferry_address bound, again;
    if (!udp_case(2, &way)) {
        skip();
    }
    struct ferry_udp_config v6 = {.local = {.family = FERRY_AF_INET6}, .flags = FERRY_UDP_V6_ONLY};
    struct ferry_udp_config v4 = {.local = {.family = FERRY_AF_INET}};
    assert_int_equal(ferry_udp_open(&v6, &only, &bound), FERRY_OK);
    v4.local.port = bound.port;
    assert_int_equal(ferry_udp_open(&v4, &both, &again), FERRY_OK); /* the same port is free in IPv4 */
    both->ops->close(both->self);
    only->ops->close(only->self);
    v6.flags = 0;
    assert_int_equal(ferry_udp_open(&v6, &both, &bound), FERRY_OK);
    v4.local.port = bound.port;
    refused(&v4, FERRY_ESYSTEM - EADDRINUSE);
    both->ops->close(both->self);
}

static void the_receive_buffer_that_was_granted_is_reported(void **state)
{
    (void)state;
    const uint32_t wishes[] = {0, 1, 100000, 1 << 20, UINT32_MAX};
    for (uint32_t i = 0; i < 5; i++) {
        ferry_device *device;
        struct ferry_address bound;
        struct ferry_statistics statistics;
        struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0), .receive_buffer = wishes[i]};
        const struct ferry_bridge_config options = {.budget = 1};
        int doubled = 0;
        socklen_t bytes = sizeof doubled;
        assert_int_equal(ferry_udp_open(&config, &device, &bound), FERRY_OK);
        int fd = ((struct udp *)device->self)->fd;
        assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &doubled, &bytes), 0);
        pool = pool_of(FRAMES, CAPACITY, 1);
        bridge = ferry_bridge_open(pool, device, &options);
        assert_int_equal(ferry_bridge_statistics(pool, bridge, &statistics), FERRY_OK);
        assert_int_equal(statistics.receive_buffer, doubled / 2); /* in the terms of the wish, not of the kernel */
        assert_true(wishes[i] != 100000 || statistics.receive_buffer == 100000); /* less than any limit in use */
        end();
    }
}

static void a_datagram_too_long_is_dropped_and_counted(void **state)
{
    (void)state;
    EACH_CASE(way) {
        static uint8_t payload[4096];
        struct ferry_address bound, address;
        struct ferry_udp_config config = {.local = loopback(way.family, 0)};
        uint64_t batch[4];
        pool = pool_of(FRAMES, CAPACITY, 1);
        bridge = udp_bridge(pool, &config, way.is_inline, &bound);
        int peer = peer_open(way.family, &address);
        const size_t fits = pool->geometry.stride - FERRY_META_BYTES - TEST_HEADROOM;
        peer_send(peer, &bound, payload, fits + 1);
        peer_send(peer, &bound, payload, sizeof payload);
        peer_send(peer, &bound, payload, fits);
        assert_int_equal(udp_receive(pool, bridge, way.is_inline, batch, 0, 4), 1);
        assert_int_equal(ferry_frame_length(batch[0]), fits);
        give_back(pool, batch, 1);
        assert_int_equal(counter_of(pool, bridge, FERRY_RX_OVERSIZE), 2);
        assert_int_equal(counter_of(pool, bridge, FERRY_RX_FRAMES), 1);
        close(peer);
        end();
    }
}

static uint64_t received_and_dropped(void)
{
    return counter_of(pool, bridge, FERRY_RX_FRAMES) + counter_of(pool, bridge, FERRY_RX_DEVICE);
}

struct account {
    bool is_inline;
    uint64_t sent;
};

static bool all_accounted_for(void *context)
{
    const struct account *account = context;
    uint64_t batch[CAPACITY];
    uint32_t got = 0;
    do {
        int64_t result = account->is_inline ? ferry_bridge_poll(pool, bridge, batch, got, CAPACITY, 0)
                                            : ferry_bridge_receive(pool, bridge, batch, got, CAPACITY);
        got = settle(pool, bridge, result);
    } while (got != 0);
    return received_and_dropped() == account->sent;
}

static void what_the_kernel_drops_is_counted_to_the_last(void **state)
{
    (void)state;
    EACH_CASE(way) {
        uint8_t payload[PAYLOAD_BYTES] = {0};
        struct ferry_address bound, address;
        struct ferry_udp_config config = {.local = loopback(way.family, 0), .receive_buffer = 1};
        uint64_t taken[FRAMES];
        struct account account = {way.is_inline, 500};
        pool = pool_of(FRAMES, CAPACITY, 1);
        /* No frame is free: the datagrams wait in a buffer that cannot hold them. */
        assert_int_equal(ferry_pool_take(pool, taken, FRAMES), FRAMES);
        bridge = udp_bridge(pool, &config, way.is_inline, &bound);
        int peer = peer_open(way.family, &address);
        for (uint32_t i = 0; i < account.sent; i++) {
            peer_send(peer, &bound, payload, sizeof payload);
        }
        give_back(pool, taken, FRAMES);
        assert_true(eventually(all_accounted_for, &account));
        assert_true(counter_of(pool, bridge, FERRY_RX_DEVICE) > 0);
        assert_true(counter_of(pool, bridge, FERRY_RX_FRAMES) > 0);
        assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
        assert_int_equal(received_and_dropped(), account.sent); /* the last count is kept */
        assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
        close_sound(pool);
        pool = NULL;
        close(peer);
    }
}

static void frames_that_cannot_be_sent_are_dropped_and_counted(void **state)
{
    (void)state;
    EACH_CASE(way) {
        const struct ferry_pool_config large = {
            .frames = FRAMES, .frame_size = 70000, .headroom = 0, .ring_capacity = CAPACITY, .bridges = 1};
        struct ferry_address bound, address;
        struct ferry_udp_config config = {.local = loopback(way.family, 0)};
        uint64_t batch[4];
        uint8_t payload[PAYLOAD_BYTES];
        assert_int_equal(ferry_pool_open(&large, &pool), FERRY_OK);
        bridge = udp_bridge(pool, &config, way.is_inline, &bound);
        int peer = peer_open(way.family, &address);
        for (uint32_t i = 0; i < 4; i++) {
            batch[i] = numbered_frame(pool, i);
        }
        set_peer(pool, &batch[1], &address); /* the first and the last have none */
        set_peer(pool, &batch[2], &address);
        assert_true(ferry_frame_put(&batch[2], 66000, pool->geometry.stride)); /* more than IP carries */
        udp_send(pool, bridge, way.is_inline, batch, 4);
        assert_int_equal(peer_receive(peer, payload, sizeof payload), PAYLOAD_BYTES);
        assert_int_equal(payload_read(payload), 1);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_DROPPED), 3);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_FRAMES), 1);
        close(peer);
        end();
    }
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(what_cannot_be_opened_is_named),
        GUARDED(a_port_may_be_shared_when_both_say_so),
        GUARDED(an_ipv6_socket_leaves_ipv4_alone_when_told_to),
        GUARDED(the_receive_buffer_that_was_granted_is_reported),
        GUARDED(a_datagram_too_long_is_dropped_and_counted),
        GUARDED(what_the_kernel_drops_is_counted_to_the_last),
        GUARDED(frames_that_cannot_be_sent_are_dropped_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
