/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_capture_tools.c: captures that tcpdump wrote, of packets on loopback and
 * of our own files, which it must read as we do. Guards against a mistake that
 * our writer and our reader have in common. Skipped without tcpdump, and the
 * live part where capturing is not allowed.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support_capture.h"
#include "unit.h"

#define LIVE_PACKETS 20

static struct written w;

static void skip_without_tcpdump(void)
{
    if (system("tcpdump --version > /dev/null 2>&1") != 0) {
        print_message("skipped: no tcpdump here. On Debian and Ubuntu: sudo apt-get install tcpdump\n");
        skip();
    }
}

/* What comes out of a pipe, as the file that it is. */
static void read_pipe(int fd, struct capture *capture)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    assert_string_equal(ferry_error_name(capture_read(path, capture)), "FERRY_OK");
}

/* Our file, read by us, and read by us after tcpdump has read it and written one of its own. Through pipes: tcpdump
 * gives up its rights before it opens a file, and on some systems may open few. */
static void agree(void)
{
    char command[256];
    struct capture here, there;
    int in = memfd_create("capture", 0);
    assert_int_equal(write(in, w.bytes, w.length), w.length);
    snprintf(command, sizeof command, "cat /proc/%d/fd/%d | tcpdump --nano -r - -w - 2> /dev/null", (int)getpid(), in);
    FILE *out = popen(command, "re");
    assert_non_null(out);
    read_pipe(fileno(out), &there);
    assert_int_equal(pclose(out), 0);
    assert_int_equal(read_bytes(w.bytes, w.length, &here), FERRY_OK);
    assert_int_equal(here.count, there.count);
    for (uint64_t i = 0; i < here.count; i++) {
        assert_int_equal(here.packets[i].bytes, there.packets[i].bytes);
        assert_int_equal(here.packets[i].gap_ps, there.packets[i].gap_ps);
    }
    capture_free(&here);
    capture_free(&there);
    close(in);
}

static void tcpdump_reads_pcap_as_we_do(void **state)
{
    (void)state;
    skip_without_tcpdump();
    for (uint32_t number = 0; number < 4; number++) {
        assert_true(sample_file(&w, number));
        pcap_packet(&w, 1700000004, 123456, 14, 60);
        agree();
    }
}

/* Of pcapng tcpdump takes what its own format can carry: one kind of link, one limit of length. */
static void tcpdump_reads_pcapng_as_we_do(void **state)
{
    (void)state;
    skip_without_tcpdump();
    const uint8_t resolutions[] = {0, 3, 6, 9, 0x80 | 3, 0x80 | 9};
    for (uint32_t i = 0; i < 2 * sizeof resolutions; i++) {
        w.length = w.records = 0;
        section(&w, i % 2);
        interface_begin(&w, 65535);
        interface_resolution(&w, resolutions[i / 2]);
        interface_offset(&w, 1000);
        block_end(&w, 0);
        interface_begin(&w, 65535);
        block_end(&w, 0);
        enhanced_packet(&w, 0, 1000, 61, 1500);
        obsolete_packet(&w, 0, 1003, 14, 60);
        block_begin(&w, 0x0BAD);
        put_payload(&w, 20);
        block_end(&w, 0);
        enhanced_packet(&w, 1, UINT64_C(1700000000), 0, 9000);
        enhanced_packet(&w, 1, UINT64_C(1700000001), 33, 33);
        agree();
    }
}

/* Waits until tcpdump says that it listens. False if it never does: it is not allowed to. */
static bool listening(FILE *messages)
{
    char line[512];
    while (fgets(line, sizeof line, messages) != NULL) {
        if (strstr(line, "listening on") != NULL) {
            return true;
        }
    }
    return false;
}

/* tcpdump as a child that ends by itself: its packets to a pipe that holds them all, its messages to a stream. */
static FILE *start_tcpdump(pid_t *child, int *packets, uint16_t port)
{
    int messages[2], out[2];
    char count[16], filter[64];
    snprintf(count, sizeof count, "%d", LIVE_PACKETS);
    snprintf(filter, sizeof filter, "udp and dst port %u", port);
    assert_int_equal(pipe2(messages, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    *child = fork();
    assert_true(*child >= 0);
    if (*child == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(messages[1], STDERR_FILENO);
        execlp("timeout", "timeout", "30", "tcpdump", "-n", "-i", "lo", "-s", "64", "-c", count, "-w", "-", filter,
               (char *)NULL);
        _exit(127);
    }
    close(messages[1]);
    close(out[1]);
    *packets = out[0];
    return fdopen(messages[0], "r");
}

static uint32_t payload_of(uint32_t i)
{
    return 18 + 70 * i;
}

static void send_packets(int fd, const struct sockaddr_in *to)
{
    static const uint8_t payload[18 + 70 * LIVE_PACKETS];
    for (uint32_t i = 0; i < LIVE_PACKETS; i++) {
        assert_int_equal(sendto(fd, payload, payload_of(i), 0, (const struct sockaddr *)to, sizeof *to), payload_of(i));
    }
}

static void packets_that_tcpdump_caught(void **state)
{
    (void)state;
    skip_without_tcpdump();
    pid_t child;
    int status, packets;
    struct capture capture;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    FILE *messages = start_tcpdump(&child, &packets, ntohs(address.sin_port));
    const bool allowed = listening(messages);
    if (allowed) {
        send_packets(fd, &address);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    fclose(messages);
    close(fd);
    if (!allowed) {
        close(packets);
        print_message("skipped: tcpdump may not capture here; root may\n");
        skip();
    }
    assert_int_equal(status, 0);
    read_pipe(packets, &capture);
    assert_int_equal(capture.count, LIVE_PACKETS);
    for (uint32_t i = 0; i < LIVE_PACKETS; i++) {
        assert_int_equal(capture.packets[i].bytes, 14 + 20 + 8 + payload_of(i)); /* Ethernet, IP, UDP */
        assert_int_equal(capture.packets[i].gap_ps % 1000000, 0);                /* whole microseconds */
    }
    capture_free(&capture);
    close(packets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcpdump_reads_pcap_as_we_do),
        cmocka_unit_test(tcpdump_reads_pcapng_as_we_do),
        cmocka_unit_test(packets_that_tcpdump_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
