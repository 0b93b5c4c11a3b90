/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fault_network.c: the interface goes down under a bound socket, and comes
 * up again, in a network of the test's own: the other end of its one wire is
 * the test. Guards that the bridge outlives it, that frames sent meanwhile are
 * dropped and counted one by one, and that traffic goes on both ways as soon as
 * it can. Needs root.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "support_traffic.h"
#include "support_udp.h"
#include "unit.h"

#define FRAMES 64
#define CAPACITY 16
#define BURST 5
#define INTERFACE "ferry0"
#define SKIPPED 77 /* see CMakeLists.txt */

static ferry_pool *pool;
static int32_t bridge;
static int wire; /* whole IP packets */

/* 192.0.2.`host`: 1 is the interface, another one somewhere along the wire. */
static struct ferry_address address(uint32_t host)
{
    return (struct ferry_address){.family = FERRY_AF_INET, .port = htons(9), .flow = htonl(0xC0000200 + host)};
}

static void ask(unsigned long what, struct ifreq *request)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    require(fd >= 0 && ioctl(fd, what, request) == 0);
    close(fd);
}

static void set_interface(bool up)
{
    struct ifreq request = {.ifr_name = INTERFACE};
    ask(SIOCGIFFLAGS, &request);
    request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
    ask(SIOCSIFFLAGS, &request);
}

/* False where that is not allowed. */
static bool make_network(void)
{
    struct ifreq request = {.ifr_name = INTERFACE, .ifr_flags = IFF_TUN | IFF_NO_PI};
    struct ferry_address own = address(1), far = address(2);
    wire = unshare(CLONE_NEWNET) == 0 ? open("/dev/net/tun", O_RDWR | O_CLOEXEC) : -1;
    if (wire < 0 || ioctl(wire, TUNSETIFF, &request) != 0) {
        return false;
    }
    memcpy(&request.ifr_addr, &own, sizeof request.ifr_addr);
    ask(SIOCSIFADDR, &request);
    memcpy(&request.ifr_dstaddr, &far, sizeof request.ifr_dstaddr);
    ask(SIOCSIFDSTADDR, &request);
    set_interface(true);
    return true;
}

static void swap(uint8_t *a, uint8_t *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint8_t byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

/* Sends the next datagram on the wire back to where it came from. Addresses and ports change places, which leaves the
 * checksums right. */
static void reflect(void)
{
    uint8_t packet[256];
    ssize_t bytes;
    do {
        bytes = read(wire, packet, sizeof packet);
        require(bytes > 0);
    } while (packet[0] != 0x45 || packet[9] != IPPROTO_UDP); /* a new interface has words of its own to say */
    swap(packet + 12, packet + 16, 4);
    swap(packet + 20, packet + 22, 2);
    require(write(wire, packet, (size_t)bytes) == bytes);
}

static void send_burst(bool is_inline, uint64_t first)
{
    uint64_t batch[BURST];
    struct ferry_address far = address(2);
    for (uint32_t i = 0; i < BURST; i++) {
        batch[i] = numbered_frame(pool, first + i);
        set_peer(pool, &batch[i], &far);
    }
    udp_send(pool, bridge, is_inline, batch, BURST);
}

/* A burst there and back, which must arrive. */
static void exchange(bool is_inline, uint64_t first)
{
    uint64_t frame;
    send_burst(is_inline, first);
    for (uint32_t i = 0; i < BURST; i++) {
        reflect();
        assert_int_equal(udp_receive(pool, bridge, is_inline, &frame, 0, 1), 1);
        assert_int_equal(frame_number(pool, frame), first + i);
        give_back(pool, &frame, 1);
    }
}

static void go_down_and_up(bool is_inline)
{
    const struct ferry_udp_config config = {.local = address(1)};
    struct ferry_address bound;
    pool = pool_of(FRAMES, CAPACITY, 1);
    bridge = udp_bridge(pool, &config, is_inline, &bound);
    exchange(is_inline, 0);
    for (uint64_t turn = 1; turn <= 3; turn++) {
        set_interface(false);
        send_burst(is_inline, 1000);
        assert_int_equal(counter_of(pool, bridge, FERRY_TX_DROPPED), turn * BURST);
        assert_int_equal(ferry_bridge_wait(pool, bridge, FERRY_RX, 1000), 0); /* silence, no error */
        set_interface(true);
        exchange(is_inline, turn * BURST);
    }
    assert_int_equal(counter_of(pool, bridge, FERRY_TX_FRAMES), 4 * BURST);
    assert_int_equal(counter_of(pool, bridge, FERRY_RX_FRAMES), 4 * BURST);
    assert_int_equal(ferry_bridge_close(pool, bridge), FERRY_OK);
    assert_int_equal(ferry_bridge_reclaim(pool, bridge), FERRY_OK);
    close_sound(pool);
    pool = NULL;
}

static void an_interface_that_goes_down_ends_no_bridge(void **state)
{
    (void)state;
    go_down_and_up(false);
    go_down_and_up(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interface_that_goes_down_ends_no_bridge),
    };
    if (!make_network()) {
        perror("skipped: this needs a network of its own, with a tunnel in it");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
