/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_udp.c: the UDP device on loopback, against a plain socket: IPv4 and
 * IPv6, threaded and inline. Echo by the address in a frame's metadata, empty
 * and full datagrams, connected sockets, peers that are gone, timestamps,
 * waits. Guards that what the kernel hands over arrives whole, with its sender,
 * and that a reply goes there. What is refused or lost: test_udp_limits.c.
 */
#include <time.h>
#include <unistd.h>

#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 256
#define CAPACITY 128

static ferry_pool *pool;
static int32_t bridge;
static int peer;
static struct ferry_address peer_address, bound;

static void begin(const struct udp_case *way, struct ferry_udp_config config)
{
    pool = pool_of(FRAMES, CAPACITY, 1);
    config.local = loopback(way->family, 0);
    bridge = udp_bridge(pool, &config, way->is_inline, &bound);
    assert_int_equal(bound.family, way->family);
    assert_int_not_equal(bound.port, 0);
}

static void begin_with_peer(const struct udp_case *way)
{
    peer = peer_open(way->family, &peer_address);
    begin(way, (struct ferry_udp_config){.flags = 0});
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    close(peer);
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

static void send_numbers(uint64_t first, uint32_t n)
{
    uint8_t payload[PAYLOAD_BYTES];
    for (uint32_t i = 0; i < n; i++) {
        payload_write(payload, first + i);
        peer_send(peer, &bound, payload, sizeof payload);
    }
}

static void a_received_batch_goes_back_to_its_sender_as_it_is(void **state)
{
    (void)state;
    EACH_CASE(way) {
        begin_with_peer(&way);
        uint64_t batch[64];
        uint8_t payload[PAYLOAD_BYTES + 1];
        send_numbers(0, 100);
        for (uint32_t done = 0; done < 100;) {
            uint32_t got = udp_receive(pool, bridge, way.is_inline, batch, 0, 64);
            assert_true(got > 0);
            for (uint32_t i = 0; i < got; i++) {
                assert_int_equal(frame_number(pool, batch[i]), done++);
                assert_int_equal(ferry_frame_length(batch[i]), PAYLOAD_BYTES);
                assert_int_equal(ferry_frame_offset(batch[i]), FERRY_META_BYTES + TEST_HEADROOM);
                assert_true(same_address(address_of(pool, batch[i]), &peer_address));
                assert_true(batch[i] & FERRY_ADDRESSED);
            }
            udp_send(pool, bridge, way.is_inline, batch, got);
        }
        for (uint32_t i = 0; i < 100; i++) {
            assert_int_equal(peer_receive(peer, payload, sizeof payload), PAYLOAD_BYTES);
            assert_int_equal(payload_read(payload), i);
        }
        assert_int_equal(counter_of(pool, bridge, FERRY_RX_FRAMES), 100);
        assert_int_equal(counter_of(pool, bridge, FERRY_RX_BYTES), 100 * PAYLOAD_BYTES);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_FRAMES), 100);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_BYTES), 100 * PAYLOAD_BYTES);
        assert_int_equal(counter_of(pool, bridge, FERRY_RX_DEVICE), 0);
        end();
    }
}

static void datagrams_of_no_bytes_and_of_all_that_fit_pass(void **state)
{
    (void)state;
    EACH_CASE(way) {
        begin_with_peer(&way);
        static uint8_t payload[2048];
        const size_t fits = pool->geometry.stride - FERRY_META_BYTES - TEST_HEADROOM;
        const size_t sizes[] = {0, fits, 1, 0};
        memset(payload, 0x5A, sizeof payload);
        for (uint32_t i = 0; i < 4; i++) {
            uint64_t batch[4];
            peer_send(peer, &bound, payload, sizes[i]);
            assert_int_equal(udp_receive(pool, bridge, way.is_inline, batch, 0, 4), 1);
            assert_int_equal(ferry_frame_length(batch[0]), sizes[i]);
            assert_memory_equal(data_of(pool, batch[0]), payload, sizes[i]);
            udp_send(pool, bridge, way.is_inline, batch, 1);
            assert_int_equal(peer_receive(peer, payload, sizeof payload), sizes[i]);
        }
        end();
    }
}

static int64_t realtime_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void arrivals_are_stamped_between_sending_and_receiving(void **state)
{
    (void)state;
    EACH_CASE(way) {
        for (uint32_t flags = 0; flags <= FERRY_UDP_TIMESTAMPS; flags++) {
            uint64_t batch[1];
            int64_t stamp, after = 0;
            peer = peer_open(way.family, &peer_address);
            begin(&way, (struct ferry_udp_config){.flags = flags});
            for (uint32_t i = 0; i < 3; i++) {
                int64_t before = realtime_ns();
                assert_true(before >= after);
                send_numbers(i, 1);
                assert_int_equal(udp_receive(pool, bridge, way.is_inline, batch, 0, 1), 1);
                after = realtime_ns();
                memcpy(&stamp, (uint8_t *)address_of(pool, batch[0]) - FERRY_META_ADDRESS, sizeof stamp);
                assert_true(before <= stamp && stamp <= after);
                give_back(pool, batch, 1);
            }
            end();
        }
    }
}

static void a_connected_socket_talks_to_its_peer_only(void **state)
{
    (void)state;
    EACH_CASE(way) {
        struct ferry_address stranger_address;
        uint64_t batch[4];
        uint8_t payload[PAYLOAD_BYTES];
        int stranger = peer_open(way.family, &stranger_address);
        peer = peer_open(way.family, &peer_address);
        begin(&way, (struct ferry_udp_config){.remote = peer_address});
        payload_write(payload, 99);
        peer_send(stranger, &bound, payload, sizeof payload);
        send_numbers(0, 1);
        assert_int_equal(udp_receive(pool, bridge, way.is_inline, batch, 0, 4), 1);
        assert_int_equal(frame_number(pool, batch[0]), 0);
        *address_of(pool, batch[0]) = stranger_address; /* not asked for where there is only one */
        batch[1] = numbered_frame(pool, 1);
        udp_send(pool, bridge, way.is_inline, batch, 2);
        for (uint32_t i = 0; i < 2; i++) {
            assert_int_equal(peer_receive(peer, payload, sizeof payload), PAYLOAD_BYTES);
            assert_int_equal(payload_read(payload), i);
        }
        close(stranger);
        end();
    }
}

static void an_address_goes_for_nothing_unless_the_descriptor_says_so(void **state)
{
    (void)state;
    EACH_CASE(way) {
        uint64_t batch[2];
        uint8_t payload[PAYLOAD_BYTES];
        begin_with_peer(&way);
        for (uint32_t i = 0; i < 2; i++) {
            batch[i] = numbered_frame(pool, i);
            set_peer(pool, &batch[i], &peer_address);
        }
        batch[0] &= ~(uint64_t)FERRY_ADDRESSED; /* as if an earlier user had left the address there */
        udp_send(pool, bridge, way.is_inline, batch, 2);
        assert_int_equal(peer_receive(peer, payload, sizeof payload), PAYLOAD_BYTES);
        assert_int_equal(payload_read(payload), 1);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_DROPPED), 1);
        end();
    }
}

static void a_peer_that_is_gone_does_not_end_the_device(void **state)
{
    (void)state;
    EACH_CASE(way) {
        uint64_t batch[1];
        peer = peer_open(way.family, &peer_address);
        begin(&way, (struct ferry_udp_config){.remote = peer_address});
        close(peer); /* from now on each datagram to it comes back as an error on the socket */
        for (uint32_t i = 0; i < 5; i++) {
            batch[0] = numbered_frame(pool, i);
            udp_send(pool, bridge, way.is_inline, batch, 1);
        }
        peer = peer_open_at(&peer_address); /* it is back */
        send_numbers(7, 1);
        assert_int_equal(udp_receive(pool, bridge, way.is_inline, batch, 0, 1), 1);
        assert_int_equal(frame_number(pool, batch[0]), 7);
        give_back(pool, batch, 1);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_FRAMES) + counter_of(pool, bridge, FERRY_TX_DROPPED), 5);
        assert_true(counter_of(pool, bridge, FERRY_RX_ERRORS) <= 5);
        end();
    }
}

static void a_socket_of_both_families_answers_ipv4(void **state)
{
    (void)state;
    struct udp_case way;
    for (uint32_t number = 2; number < UDP_CASES && udp_case(number, &way); number++) {
        uint64_t batch[1];
        uint8_t payload[PAYLOAD_BYTES];
        struct ferry_udp_config config = {.local = {.family = FERRY_AF_INET6}}; /* every address of the machine */
        pool = pool_of(FRAMES, CAPACITY, 1);
        bridge = udp_bridge(pool, &config, way.is_inline, &bound);
        peer = peer_open(FERRY_AF_INET, &peer_address);
        bound = loopback(FERRY_AF_INET, bound.port);
        send_numbers(3, 1);
        assert_int_equal(udp_receive(pool, bridge, way.is_inline, batch, 0, 1), 1);
        assert_int_equal(address_of(pool, batch[0])->family, FERRY_AF_INET6); /* as ::ffff:127.0.0.1 */
        udp_send(pool, bridge, way.is_inline, batch, 1);
        assert_int_equal(peer_receive(peer, payload, sizeof payload), PAYLOAD_BYTES);
        assert_int_equal(payload_read(payload), 3);
        end();
    }
}

static void *interrupt(void *context)
{
    const struct timespec moment = {0, 20000000};
    (void)context;
    nanosleep(&moment, NULL); /* likely, not surely, asleep by then: either way it must end */
    require(ferry_bridge_interrupt(pool, bridge, FERRY_RX) == FERRY_OK);
    return NULL;
}

static void waits_end_without_traffic(void **state)
{
    (void)state;
    EACH_CASE(way) {
        uint64_t batch[1];
        begin_with_peer(&way);
        assert_int_equal(ferry_bridge_wait(pool, bridge, FERRY_RX, 0), 0);
        assert_int_equal(ferry_bridge_wait(pool, bridge, FERRY_RX, 1000000), 0);
        assert_int_equal(ferry_bridge_wait(pool, bridge, FERRY_TX, 0), 1); /* there is room */
        pthread_t thread = start_thread(interrupt, NULL);
        assert_int_equal(ferry_bridge_wait(pool, bridge, FERRY_RX, INT64_MAX), 0);
        join_thread(thread);
        if (way.is_inline) {
            assert_int_equal(ferry_bridge_poll(pool, bridge, batch, 0, 1, 1000000), 0);
        }
        end();
    }
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_received_batch_goes_back_to_its_sender_as_it_is),
        GUARDED(datagrams_of_no_bytes_and_of_all_that_fit_pass),
        GUARDED(arrivals_are_stamped_between_sending_and_receiving),
        GUARDED(a_connected_socket_talks_to_its_peer_only),
        GUARDED(an_address_goes_for_nothing_unless_the_descriptor_says_so),
        GUARDED(a_peer_that_is_gone_does_not_end_the_device),
        GUARDED(a_socket_of_both_families_answers_ipv4),
        GUARDED(waits_end_without_traffic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
