/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_starved.c: a poller that does not get on: held up by its device in
 * the middle of a read, or by a busy thread on its processor, to which it is
 * the idle one. Guards that everybody else goes on meanwhile, that nobody hangs
 * who waits for it, and that what is lost is counted, to the last datagram.
 * With FERRY_DEEP in the environment it is held up for seconds.
 */
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "support_device.h"
#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 256
#define CAPACITY 64
#define BUDGET 64

static ferry_pool *pool;

static int64_t held_up_ns(void)
{
    return getenv("FERRY_DEEP") != NULL ? INT64_C(3000000000) : INT64_C(30000000);
}

/* ---- in its device ---- */

static struct scripted device;
static struct ferry_device_ops sound;
static _Atomic bool reading;
static _Atomic bool may_go_on;

static void sleep_ns(int64_t ns)
{
    const struct timespec pause = {ns / 1000000000, ns % 1000000000};
    nanosleep(&pause, NULL);
}

static int32_t held_fill(void *self, struct ferry_slot *slots, uint32_t n)
{
    atomic_store(&reading, true);
    while (!atomic_load(&may_go_on)) {
        sleep_ns(50000);
    }
    return sound.fill(self, slots, n);
}

static bool is_reading(void *context)
{
    (void)context;
    return atomic_load(&reading);
}

static void a_device_that_takes_its_time_holds_up_nobody_else(void **state)
{
    (void)state;
    uint64_t batch[1];
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, FERRY_DEVICE_PATIENT);
    sound = device.ops;
    device.ops.fill = held_fill;
    device.arrivals = 10;
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(eventually(is_reading, NULL));
    assert_int_equal(ferry_bridge_receive(pool, 0, batch, 0, 1), 0);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_RX, held_up_ns()), 0);
    assert_int_equal(ferry_bridge_wait(pool, 0, FERRY_TX, held_up_ns()), 1);
    send_numbered(pool, 0, 0, 5);
    assert_int_equal(ferry_bridge_wake(pool, 0), FERRY_OK);
    assert_int_equal(counter_of(pool, 0, FERRY_RX_FRAMES), 0);
    assert_int_equal(scripted_sent(&device), 0);
    atomic_store(&may_go_on, true);
    receive_numbered(pool, 0, 0, 10);
    assert_true(scripted_sent_reaches(&device, 5));
    assert_int_equal(ferry_bridge_close(pool, 0), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, 0), FERRY_OK);
    close_sound(pool);
    pool = NULL;
    scripted_destroy(&device);
}

/* ---- on its processor ---- */

static _Atomic bool enough;

static void *run_busy(void *context)
{
    (void)context;
    require(pin_thread(0));
    while (!atomic_load(&enough)) {}
    return NULL;
}

/* The poller runs where that thread does, and only if nobody else wants to. */
static pthread_t crowd_out(int32_t bridge)
{
    const struct sched_param none = {0};
    cpu_set_t first;
    pthread_t poller = pool->bridges[bridge].thread, busy;
    atomic_store(&enough, false);
    busy = start_thread(run_busy, NULL);
    require(pthread_getaffinity_np(pthread_self(), sizeof first, &first) == 0);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &first)) {
        cpu++;
    }
    CPU_ZERO(&first);
    CPU_SET(cpu, &first);
    require(pthread_setaffinity_np(poller, sizeof first, &first) == 0);
    require(pthread_setschedparam(poller, SCHED_IDLE, &none) == 0);
    return busy;
}

/* Sends for as long as the poller is held up. Returns how many datagrams. */
static uint64_t flood(int peer, const struct ferry_address *to)
{
    uint8_t payload[PAYLOAD_BYTES];
    uint64_t sent = 0;
    for (int64_t end = now_ns() + 3 * held_up_ns(); now_ns() < end; sent++) {
        payload_write(payload, sent);
        peer_send(peer, to, payload, sizeof payload);
    }
    return sent;
}

struct account {
    int32_t bridge;
    uint64_t sent;
    uint64_t next;     /* the least number that the next datagram may have */
    uint64_t received;
};

static bool is_accounted_for(void *context)
{
    struct account *account = context;
    uint64_t batch[CAPACITY];
    uint32_t n = 0;
    do {
        n = settle(pool, account->bridge, ferry_bridge_receive(pool, account->bridge, batch, n, CAPACITY));
        for (uint32_t i = 0; i < n; i++) {
            uint64_t number = frame_number(pool, batch[i]);
            require(number >= account->next);
            account->next = number + 1;
        }
        account->received += n;
    } while (n != 0);
    return account->received + counter_of(pool, account->bridge, FERRY_RX_DEVICE) == account->sent;
}

static void a_processor_that_others_keep_busy_loses_nothing_uncounted(void **state)
{
    (void)state;
    const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
    struct ferry_address bound, address;
    pool = pool_of(FRAMES, CAPACITY, 1);
    struct account account = {.bridge = udp_bridge(pool, &config, false, &bound)};
    int peer = peer_open(FERRY_AF_INET, &address);
    pthread_t busy = crowd_out(account.bridge);
    account.sent = flood(peer, &bound);
    atomic_store(&enough, true);
    join_thread(busy);
    assert_true(eventually(is_accounted_for, &account));
    assert_true(account.received != 0);
    assert_int_equal(ferry_bridge_close(pool, account.bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, account.bridge), FERRY_OK);
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

#define GUARDED(test) cmocka_unit_test_teardown(test, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARDED(a_device_that_takes_its_time_holds_up_nobody_else),
        GUARDED(a_processor_that_others_keep_busy_loses_nothing_uncounted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
