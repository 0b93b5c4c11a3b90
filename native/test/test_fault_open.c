/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_open.c: opening pools, devices and bridges while the system
 * refuses what they need: memory, address space, files, threads, each at every
 * point where it is asked for. Guards that the error has its name, that what
 * was opened before it is closed again, and that the next attempt works.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "frameferry/nic.h"
#include "support_device.h"
#include "support_system.h"
#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 64
#define CAPACITY 16

static const struct ferry_pool_config POOL = {
    .frames = FRAMES, .frame_size = TEST_FRAME_SIZE, .ring_capacity = CAPACITY, .bridges = 2};

/* ---- a device ---- */

static const struct ferry_udp_config *wanted_udp(void)
{
    static struct ferry_udp_config config = {.flags = FERRY_UDP_TIMESTAMPS | FERRY_UDP_REUSE_PORT | FERRY_UDP_V6_ONLY};
    config.local = loopback(FERRY_AF_INET6, 0);
    config.remote = loopback(FERRY_AF_INET6, 9);
    return &config;
}

static int32_t open_udp(const struct ferry_udp_config *config)
{
    ferry_device *device;
    struct ferry_address bound;
    int32_t error = ferry_udp_open(config, &device, &bound);
    if (error == FERRY_OK) {
        device->ops->close(device->self);
    }
    return error;
}

static void each_step_of_opening_a_socket(void **state)
{
    (void)state;
    struct udp_case six;
    const struct {
        enum system_call call;
        uint32_t after;
    } steps[] = {{SYSTEM_SOCKET, 0},     {SYSTEM_EVENTFD, 0},    {SYSTEM_SETSOCKOPT, 0}, {SYSTEM_SETSOCKOPT, 1},
                 {SYSTEM_SETSOCKOPT, 2}, {SYSTEM_BIND, 0},       {SYSTEM_CONNECT, 0},    {SYSTEM_GETSOCKNAME, 0}};
    if (!udp_case(2, &six)) {
        skip();
    }
    uint32_t before = open_files();
    for (uint32_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
            system_fails(steps[i].call, steps[i].after, 1, *error);
            assert_int_equal(open_udp(wanted_udp()), FERRY_ESYSTEM - *error);
            assert_int_equal(system_works(), 1);
            assert_int_equal(open_files(), before);
        }
    }
    system_fails(SYSTEM_CALLOC, 0, 1, ENOMEM);
    assert_int_equal(open_udp(wanted_udp()), FERRY_ENOMEM);
    assert_int_equal(system_works(), 1);
    assert_int_equal(open_udp(wanted_udp()), FERRY_OK);
    assert_int_equal(open_files(), before);
}

/* What is asked of the system and can be done without: buffers of that size, and what it says of them. */
static void a_socket_without_its_wishes(void **state)
{
    (void)state;
    const struct {
        enum system_call call;
        uint32_t times;
        bool told; /* how large its buffer is */
    } wishes[] = {{SYSTEM_SETSOCKOPT, 1, true},
                  {SYSTEM_SETSOCKOPT, 4, true},
                  {SYSTEM_GETSOCKOPT, SYSTEM_ALWAYS, false}};
    for (uint32_t i = 0; i < 3; i++) {
        const struct ferry_udp_config config = {
            .local = loopback(FERRY_AF_INET, 0), .receive_buffer = 20000, .send_buffer = 20000};
        struct ferry_statistics statistics;
        struct ferry_address bound;
        ferry_pool *pool = pool_of(FRAMES, CAPACITY, 1);
        system_fails(wishes[i].call, 0, wishes[i].times, EPERM);
        int32_t bridge = udp_bridge(pool, &config, true, &bound);
        assert_int_equal(ferry_bridge_statistics(pool, bridge, &statistics), FERRY_OK);
        assert_int_equal(statistics.receive_buffer != 0, wishes[i].told);
        assert_int_equal(statistics.counters[FERRY_RX_DEVICE], 0);
        assert_true(system_works() != 0);
        assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
        assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
        close_sound(pool);
    }
}

static void each_step_of_opening_a_card(void **state)
{
    (void)state;
    ferry_device *device;
    uint32_t before = open_files();
    for (uint32_t i = 0; i < 3; i++) { /* the card, and its two queues */
        system_fails(SYSTEM_CALLOC, i, 1, ENOMEM);
        assert_int_equal(ferry_nic_open(&(struct ferry_nic_config){.frame_bytes = 64}, &device), FERRY_ENOMEM);
        assert_int_equal(system_works(), 1);
    }
    system_fails(SYSTEM_EVENTFD, 0, 1, EMFILE);
    assert_int_equal(ferry_nic_open(&(struct ferry_nic_config){.frame_bytes = 64}, &device), FERRY_ESYSTEM - EMFILE);
    assert_int_equal(system_works(), 1);
    assert_int_equal(ferry_nic_open(&(struct ferry_nic_config){.frame_bytes = 64}, &device), FERRY_OK);
    device->ops->close(device->self);
    assert_int_equal(open_files(), before);
}

/* ---- files ---- */

/* Leaves room for so many files more. */
static void limit_files(uint32_t more)
{
    struct rlimit limit;
    int lowest = dup(0);
    require(lowest >= 0 && close(lowest) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = (rlim_t)lowest + more;
    require(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static void no_more_files(void **state)
{
    (void)state;
    const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    struct rlimit before;
    ferry_pool *pool = pool_of(FRAMES, CAPACITY, 1);
    ferry_device *nic;
    uint32_t files = open_files();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (uint32_t more = 0; more <= 1; more++) { /* the socket; the eventfd that wakes it */
        limit_files(more);
        int32_t error = open_udp(&config);
        int32_t error_of_nic = more == 0 ? ferry_nic_open(&(struct ferry_nic_config){.frame_bytes = 64}, &nic) : error;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(error, FERRY_ESYSTEM - EMFILE);
        assert_int_equal(error_of_nic, FERRY_ESYSTEM - EMFILE);
        assert_int_equal(open_files(), files);
    }
    limit_files(2); /* a pool, a bridge and a poller need none */
    struct ferry_address bound;
    int32_t bridge = udp_bridge(pool, &config, false, &bound);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    assert_int_equal(open_files(), files);
    close_sound(pool);
}

/* ---- memory and threads ---- */

static void each_step_of_opening_a_pool(void **state)
{
    (void)state;
    ferry_pool *pool = NULL;
    system_fails(SYSTEM_CALLOC, 0, 1, ENOMEM);
    assert_int_equal(ferry_pool_open(&POOL, &pool), FERRY_ENOMEM);
    assert_int_equal(system_works(), 1);
    for (const int *error = SYSTEM_ERRORS; *error != 0; error++) {
        system_fails(SYSTEM_MMAP, 0, 1, *error);
        assert_int_equal(ferry_pool_open(&POOL, &pool), *error == ENOMEM ? FERRY_ENOMEM : FERRY_ESYSTEM - *error);
        assert_int_equal(system_works(), 1);
        assert_null(pool);
    }
    assert_int_equal(ferry_pool_open(&POOL, &pool), FERRY_OK);
    close_sound(pool);
}

/* The old pages stay then: late callers are turned away by the pool's state, as they are first of all. */
static void no_zero_pages_for_a_closed_pool(void **state)
{
    (void)state;
    uint64_t frames[2];
    ferry_pool *pool = pool_of(FRAMES, CAPACITY, 1);
    assert_int_equal(ferry_pool_take(pool, frames, 1), 1);
    give_back(pool, frames, 1);
    system_fails(SYSTEM_MMAP, 0, 1, ENOMEM);
    assert_int_equal(ferry_pool_close(pool), FERRY_OK);
    assert_int_equal(system_works(), 1);
    assert_int_equal(ferry_pool_take(pool, frames, 2), FERRY_ECLOSED);
    assert_int_equal(ferry_pool_give(pool, frames, 1), FERRY_ECLOSED);
    assert_int_equal(ferry_bridge_receive(pool, 0, frames, 0, 2), FERRY_ECLOSED);
    ferry_pool_free(pool);
}

/* The device is closed with the attempt, and its number is free for the next one. */
static void each_step_of_opening_a_bridge(void **state)
{
    (void)state;
    const struct {
        enum system_call call;
        int32_t error;
    } steps[] = {{SYSTEM_ALIGNED_ALLOC, FERRY_ENOMEM}, /* where arrivals go that have no frame */
                 {SYSTEM_CALLOC, FERRY_ENOMEM},        /* which frames the device has */
                 {SYSTEM_THREAD, FERRY_ESYSTEM - EAGAIN}};
    const struct ferry_bridge_config options = {.budget = 8};
    ferry_pool *pool = pool_of(FRAMES, CAPACITY, 1);
    for (uint32_t i = 0; i < 3; i++) {
        struct scripted device;
        scripted_init(&device, 0);
        scripted_hold(&device);
        system_fails(steps[i].call, 0, 1, EAGAIN);
        assert_int_equal(ferry_bridge_open(pool, &device.device, &options), steps[i].error);
        assert_int_equal(system_works(), 1);
        scripted_destroy(&device); /* which sees that it was closed, once */

        scripted_init(&device, 0);
        assert_int_equal(scripted_open(&device, pool, 0, 8), 0);
        scripted_arrive(&device, 3);
        receive_numbered(pool, 0, 0, 3);
        assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
        assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
        scripted_destroy(&device);
    }
    close_sound(pool);
}

/* ---- limits that cannot be lifted again: in a child ---- */

#define ADDRESSES ((uint64_t)1 << 30)

static uint64_t mapped_bytes(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    require(statm != NULL && fscanf(statm, "%lu", &pages) == 1);
    fclose(statm);
    return (uint64_t)pages * FERRY_PAGE;
}

static int run_without_address_space(void)
{
    struct ferry_pool_config large = POOL;
    ferry_pool *pool = NULL;
    const struct rlimit limit = {ADDRESSES, ADDRESSES};
    large.frames = 2 * ADDRESSES / FERRY_FRAME_SIZE_MAX;
    large.frame_size = FERRY_FRAME_SIZE_MAX;
    require(setrlimit(RLIMIT_AS, &limit) == 0);
    require(ferry_pool_open(&large, &pool) == FERRY_ENOMEM && pool == NULL);
    require(ferry_pool_open(&POOL, &pool) == FERRY_OK);
    close_sound(pool);
    return 0;
}

static void no_more_address_space(void **state)
{
    (void)state;
    if (mapped_bytes() > ADDRESSES / 2) {
        puts("skipped: a sanitizer has mapped more than there may be");
        skip();
    }
    in_a_child(run_without_address_space);
}

static int run_without_threads(void)
{
    const struct rlimit none = {0, 0};
    const struct ferry_bridge_config options = {.budget = 8};
    const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    struct ferry_address bound;
    ferry_device *device;
    ferry_pool *pool = pool_of(FRAMES, CAPACITY, 1);
    require(geteuid() != 0 || setuid(65534) == 0); /* nobody: root has no such limit */
    require(prctl(PR_SET_DUMPABLE, 1) == 0);       /* its own files in /proc, as before */
    require(setrlimit(RLIMIT_NPROC, &none) == 0);
    uint32_t files = open_files();
    require(ferry_udp_open(&config, &device, &bound) == FERRY_OK);
    require(ferry_bridge_open(pool, device, &options) == FERRY_ESYSTEM - EAGAIN);
    require(open_files() == files);
    int32_t bridge = udp_bridge(pool, &config, true, &bound); /* inline there is no thread to start */
    require(ferry_bridge_close(pool, bridge) == FERRY_OK && ferry_bridge_reclaim(pool, bridge) == FERRY_OK);
    close_sound(pool);
    return 0;
}

static void no_more_threads(void **state)
{
    (void)state;
    in_a_child(run_without_threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_of_opening_a_socket), cmocka_unit_test(a_socket_without_its_wishes),
        cmocka_unit_test(each_step_of_opening_a_card),   cmocka_unit_test(no_more_files),
        cmocka_unit_test(each_step_of_opening_a_pool),   cmocka_unit_test(no_zero_pages_for_a_closed_pool),
        cmocka_unit_test(each_step_of_opening_a_bridge), cmocka_unit_test(no_more_address_space),
        cmocka_unit_test(no_more_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
