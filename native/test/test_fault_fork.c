/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_fork.c: a process that forks while its bridges run. Guards that
 * the child does not inherit the slab, so that neither can touch the other's
 * frames; that it can open pools of its own; that the parent goes on as if
 * nothing had happened; and that no socket survives an exec.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "devices/udp.h"
#include "support_system.h"
#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 64
#define CAPACITY 16
#define FORKS 20
#define DATAGRAMS 10 /* between two forks */

static ferry_pool *pool;
static int32_t bridge;
static struct ferry_address bound;

static void begin(void)
{
    const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    pool = pool_of(FRAMES, CAPACITY, 1);
    bridge = udp_bridge(pool, &config, false, &bound);
}

static void end(void)
{
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    close_sound(pool);
    pool = NULL;
}

static bool is_mapped(uint64_t address)
{
    unsigned char resident;
    return mincore((void *)(uintptr_t)address, FERRY_PAGE, &resident) == 0 || errno != ENOMEM;
}

/* All of it: a page too early or too late would be seen. */
static int look_for_the_slab(void)
{
    const struct ferry_geometry *g = &pool->geometry;
    for (uint64_t page = 0; page < g->control_bytes + g->data_bytes; page += FERRY_PAGE) {
        if (is_mapped(g->control + page)) {
            return 1;
        }
    }
    return 0;
}

static void a_child_has_no_slab(void **state)
{
    (void)state;
    begin();
    assert_int_equal(look_for_the_slab(), 1);
    in_a_child(look_for_the_slab);
    end();
}

/* An inline bridge: a sanitizer starts no thread in the child of a process with several. */
static int open_a_pool_of_its_own(void)
{
    const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    struct ferry_address own, address;
    uint8_t payload[PAYLOAD_BYTES];
    uint64_t frame;
    ferry_pool *child = pool_of(FRAMES, CAPACITY, 1);
    int32_t number = udp_bridge(child, &config, true, &own);
    int peer = peer_open(FERRY_AF_INET, &address);
    payload_write(payload, 42);
    peer_send(peer, &own, payload, sizeof payload);
    require(udp_receive(child, number, true, &frame, 0, 1) == 1 && frame_number(child, frame) == 42);
    udp_send(child, number, true, &frame, 1);
    require(peer_receive(peer, payload, sizeof payload) == PAYLOAD_BYTES && payload_read(payload) == 42);
    require(ferry_bridge_close(child, number) == FERRY_OK && ferry_bridge_reclaim(child, number) == FERRY_OK);
    close_sound(child);
    return 0;
}

static void a_child_can_open_its_own(void **state)
{
    (void)state;
    begin();
    in_a_child(open_a_pool_of_its_own);
    end();
}

static int nothing(void)
{
    return 0;
}

static void the_parent_goes_on(void **state)
{
    (void)state;
    struct ferry_address address;
    uint8_t payload[PAYLOAD_BYTES];
    uint64_t next = 0;
    begin();
    int peer = peer_open(FERRY_AF_INET, &address);
    for (uint32_t i = 0; i < FORKS; i++) {
        for (uint32_t k = 0; k < DATAGRAMS; k++) {
            payload_write(payload, next + k);
            peer_send(peer, &bound, payload, sizeof payload);
        }
        in_a_child(nothing); /* while the poller is at work on them */
        receive_numbered(pool, bridge, next, DATAGRAMS);
        next += DATAGRAMS;
    }
    assert_int_equal(counter_of(pool, bridge, FERRY_RX_FRAMES), FORKS * DATAGRAMS);
    close(peer);
    end();
}

static void no_socket_survives_an_exec(void **state)
{
    (void)state;
    begin();
    const struct udp *udp = pool->bridges[bridge].device.self;
    assert_true(fcntl(udp->fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(udp->event, F_GETFD) & FD_CLOEXEC);
    end();
}

static int clean_up(void **state)
{
    (void)state;
    ferry_pool_free(pool);
    pool = NULL;
    return 0;
}

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_child_has_no_slab),
        GUARDED(a_child_can_open_its_own),
        GUARDED(the_parent_goes_on),
        GUARDED(no_socket_survives_an_exec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
