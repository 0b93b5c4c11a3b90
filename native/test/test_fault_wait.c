/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_wait.c: what may happen to a thread that waits: signals without
 * end whose handler restarts nothing, and a time of day that is set back.
 * Guards that a wait ends by its own reasons and in its own time, that nothing
 * is lost meanwhile, and that no handler ever runs on a poller.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "support_system.h"
#include "support_traffic.h"
#include "support_udp.h"
#include "support_waiter.h"
#include "unit.h"

#define FRAMES 64
#define CAPACITY 8
#define BUDGET 8
#define SIGNALS 500
#define SHORT_NS 20000000

static struct scripted device;
static ferry_pool *pool;
static _Atomic uint32_t handled;

static void handle(int number)
{
    (void)number;
    atomic_fetch_add(&handled, 1);
}

static int handle_signals(void **state)
{
    (void)state;
    const struct sigaction action = {.sa_handler = handle}; /* no SA_RESTART: every wait of the system's ends */
    return sigaction(SIGUSR1, &action, NULL);
}

/* ---- a storm of signals on one thread ---- */

struct storm {
    pthread_t target;
    _Atomic bool over;
    pthread_t thread;
};

static void *run_storm(void *context)
{
    struct storm *storm = context;
    const struct timespec pause = {0, 20000};
    while (!atomic_load(&storm->over)) {
        pthread_kill(storm->target, SIGUSR1); /* it may have ended by now, but has not been joined */
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void storm_begin(struct storm *storm, pthread_t target)
{
    storm->target = target;
    atomic_store(&storm->over, false);
    storm->thread = start_thread(run_storm, storm);
}

static void storm_end(struct storm *storm)
{
    atomic_store(&storm->over, true);
    join_thread(storm->thread);
}

static bool enough_handled(void *from)
{
    return atomic_load(&handled) >= *(uint32_t *)from + SIGNALS;
}

/* Until so many more have come through. */
static void let_rage(void)
{
    uint32_t from = atomic_load(&handled);
    assert_true(eventually(enough_handled, &from));
}

/* ---- waits of each kind, in a thread of their own ---- */

struct wait {
    int32_t bridge;
    uint32_t what;
    bool is_inline;
    int64_t timeout_ns;
    int64_t result;
    _Atomic bool over;
};

static void *run_wait(void *context)
{
    struct wait *wait = context;
    do { /* an inline wait may end early, as frameferry.h says */
        wait->result = ferry_bridge_wait(pool, wait->bridge, wait->what, wait->timeout_ns);
    } while (wait->is_inline && wait->result == 0 && wait->timeout_ns == FOR_EVER);
    atomic_store(&wait->over, true);
    return NULL;
}

static bool is_over(void *context)
{
    return atomic_load(&((struct wait *)context)->over);
}

static void end(int32_t bridge)
{
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    close_sound(pool);
    pool = NULL;
}

static void signals_end_no_wait_for_a_frame_or_for_room(void **state)
{
    (void)state;
    for (uint32_t what = FERRY_RX; what <= FERRY_TX; what++) {
        struct wait wait = {.what = what, .timeout_ns = FOR_EVER};
        struct storm storm;
        pool = pool_of(FRAMES, CAPACITY, 1);
        scripted_init(&device, FERRY_DEVICE_PATIENT);
        device.room = 0;
        scripted_open(&device, pool, 0, BUDGET);
        send_numbered(pool, 0, 0, CAPACITY); /* the ring is full */
        pthread_t waiter = start_thread(run_wait, &wait);
        storm_begin(&storm, waiter);
        let_rage();
        assert_false(is_over(&wait));
        scripted_arrive(&device, 1);
        scripted_make_room(&device, SCRIPTED_ENDLESS);
        assert_true(eventually(is_over, &wait));
        storm_end(&storm);
        join_thread(waiter);
        assert_int_equal(wait.result, 1);
        receive_numbered(pool, 0, 0, 1);
        assert_true(scripted_sent_reaches(&device, CAPACITY));
        end(0);
        scripted_destroy(&device);
    }
}

static void signals_prolong_no_wait(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
        struct ferry_address bound;
        struct storm storm;
        pool = pool_of(FRAMES, CAPACITY, 1);
        struct wait wait = {.is_inline = i == 1, .timeout_ns = SHORT_NS};
        wait.bridge = udp_bridge(pool, &config, wait.is_inline, &bound);
        pthread_t waiter = start_thread(run_wait, &wait);
        storm_begin(&storm, waiter); /* until it is over: a wait that begins anew with each signal has no end */
        assert_true(eventually(is_over, &wait));
        storm_end(&storm);
        join_thread(waiter);
        assert_int_equal(wait.result, 0);
        end(wait.bridge);
    }
}

#define DATAGRAMS 200 /* which fit into any receive buffer */

/* Receives them all, asking again and again with all patience. */
static void *run_receiver(void *context)
{
    const struct wait *wait = context;
    for (uint64_t next = 0; next < DATAGRAMS;) {
        uint64_t batch[BUDGET];
        uint32_t n = udp_receive(pool, wait->bridge, wait->is_inline, batch, 0, BUDGET);
        for (uint32_t i = 0; i < n; i++) {
            require(frame_number(pool, batch[i]) == next++);
        }
        give_back(pool, batch, n);
    }
    return NULL;
}

static void signals_lose_no_datagram(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
        struct ferry_address bound, address;
        struct storm storm;
        uint8_t payload[PAYLOAD_BYTES];
        pool = pool_of(FRAMES, CAPACITY, 1);
        int peer = peer_open(FERRY_AF_INET, &address);
        struct wait wait = {.is_inline = i == 1};
        wait.bridge = udp_bridge(pool, &config, wait.is_inline, &bound);
        pthread_t receiver = start_thread(run_receiver, &wait);
        storm_begin(&storm, receiver);
        for (uint32_t number = 0; number < DATAGRAMS; number++) {
            payload_write(payload, number);
            peer_send(peer, &bound, payload, sizeof payload);
        }
        storm_end(&storm);
        join_thread(receiver);
        close(peer);
        end(wait.bridge);
    }
}

/* What is sent to the process goes to any thread that lets it in: to no poller, however idle it is. */
static void no_signal_of_the_process_lands_on_a_poller(void **state)
{
    (void)state;
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pool = pool_of(FRAMES, CAPACITY, 1);
    scripted_init(&device, 0);
    scripted_open(&device, pool, 0, BUDGET);
    assert_true(scripted_sleeps(&device));
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &usr1, NULL), 0);
    uint32_t before = atomic_load(&handled);
    assert_int_equal(kill(getpid(), SIGUSR1), 0); /* nobody but the poller could take it now */
    scripted_arrive(&device, 3);
    receive_numbered(pool, 0, 0, 3); /* which is well */
    assert_int_equal(atomic_load(&handled), before);
    assert_int_equal(pthread_sigmask(SIG_UNBLOCK, &usr1, NULL), 0);
    while (atomic_load(&handled) == before) {
        sched_yield();
    }
    end(0);
    scripted_destroy(&device);
}

/* ---- clocks ---- */

static void a_time_of_day_that_is_set_back_prolongs_no_wait(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        const struct ferry_udp_config config = {.local = loopback(FERRY_AF_INET, 0)};
        const struct ferry_bridge_config options = {
            .flags = i == 1 ? FERRY_INLINE : 0, .budget = BUDGET, .spin_ns = SHORT_NS / 2, .moderation_ns = 1000};
        struct ferry_address bound, address;
        ferry_device *udp;
        uint8_t payload[PAYLOAD_BYTES];
        uint64_t batch[1];
        pool = pool_of(FRAMES, CAPACITY, 1);
        int peer = peer_open(FERRY_AF_INET, &address);
        assert_int_equal(ferry_udp_open(&config, &udp, &bound), FERRY_OK);
        int32_t bridge = ferry_bridge_open(pool, udp, &options);
        system_steps_back();
        assert_int_equal(ferry_bridge_wait(pool, bridge, FERRY_RX, SHORT_NS), 0);
        assert_int_equal(i == 1 ? ferry_bridge_poll(pool, bridge, batch, 0, 1, SHORT_NS) : 0, 0);
        assert_int_equal(system_looks(), 0); /* no wait asks for it */
        payload_write(payload, 7);
        peer_send(peer, &bound, payload, sizeof payload);
        assert_int_equal(udp_receive(pool, bridge, i == 1, batch, 0, 1), 1);
        assert_int_equal(frame_number(pool, batch[0]), 7);
        assert_true(system_looks() != 0); /* the time of its arrival is all that follows such steps */
        give_back(pool, batch, 1);
        system_works();
        close(peer);
        end(bridge);
    }
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
        GUARDED(signals_end_no_wait_for_a_frame_or_for_room),
        GUARDED(signals_prolong_no_wait),
        GUARDED(signals_lose_no_datagram),
        GUARDED(no_signal_of_the_process_lands_on_a_poller),
        GUARDED(a_time_of_day_that_is_set_back_prolongs_no_wait),
    };
    return cmocka_run_group_tests(tests, handle_signals, NULL);
}
