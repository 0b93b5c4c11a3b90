/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp_receive.c: the least that a program can do to receive UDP in batches: up
 * to 64 datagrams a recvmmsg() until the socket is empty, then a sleep in
 * ppoll(). With --moderation-us it does what a moderating Frameferry bridge
 * does: a recvmmsg() that brought something, but less than 64, is followed by a
 * sleep of that length, and only one that brought nothing by ppoll(). It counts datagrams, the gaps in iperf3's sequence numbers and the
 * CPU time of its one thread, and prints them as one line of JSON. It is the
 * yardstick for Frameferry's cost per datagram (`ferry demo --bare-c`).
 *
 * It answers the connect datagram of iperf3 but not iperf3's control
 * connection: that is for the caller.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/sock_diag.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define DATAGRAM_MAX 2048
#define LOOK_UP_MS 100           /* how late a signal or the end of the time may be noticed */
#define IPERF3_REPLY 0x39383736u /* what an iperf3 server answers to a client's 4 bytes, in its own byte order */
#define NS 1000000000ll

struct options {
    const char *address;
    const char *port;
    int receive_buffer;
    int counters; /* 32 or 64 */
    int seconds;  /* 0: no limit */
    int moderation_us;
    bool until_eof;
};

struct count {
    uint64_t datagrams, bytes, highest, lost, out_of_order, calls, sleeps;
};

static uint8_t data[BATCH][DATAGRAM_MAX];
static struct sockaddr_storage from[BATCH];
static struct iovec vector[BATCH];
static struct mmsghdr message[BATCH];
static volatile sig_atomic_t stopped;

static const char USAGE[] =
    "usage: udp_receive [--address ADDRESS] [--port PORT] [--receive-buffer BYTES] [--counters 32|64]\n"
    "                   [--seconds N] [--moderation-us N] [--until-eof]\n"
    "Receives UDP and prints one line of JSON when it ends: by SIGINT or SIGTERM, after --seconds, or, with\n"
    "--until-eof, when its standard input ends. ADDRESS is numeric (127.0.0.1), PORT 5201, BYTES 8388608.\n";

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

static int fail(const char *what)
{
    fprintf(stderr, "udp_receive: %s: %s\n", what, strerror(errno));
    return -1;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * NS + t.tv_nsec;
}

/* ---- counting ---- */

static uint64_t big_endian(const uint8_t *p, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | p[i];
    }
    return value;
}

/* Takes one datagram into account as iperf3 does: a gap is a loss, until what was missing comes late. The sequence
 * number follows 8 bytes of time and counts from 1. */
static void take(struct count *c, const uint8_t *p, uint32_t length, int counters)
{
    c->datagrams++;
    c->bytes += length;
    if (length < 8 + (uint32_t)counters / 8) {
        return;
    }
    uint64_t sequence = big_endian(p + 8, counters / 8);
    if (sequence > c->highest) {
        c->lost += sequence - c->highest - 1;
        c->highest = sequence;
    } else {
        c->out_of_order++;
        if (c->lost) {
            c->lost--;
        }
    }
}

static void answer(int fd, const struct msghdr *m)
{
    uint32_t reply = IPERF3_REPLY;
    if (sendto(fd, &reply, sizeof reply, 0, m->msg_name, m->msg_namelen) < 0) {
        fail("cannot answer a connect datagram");
    }
}

/* ---- the loop ---- */

/* One system call. Returns how many datagrams it brought, 0 if there is none now, -1 on an error. */
static int receive(int fd, struct count *c, int counters)
{
    for (int i = 0; i < BATCH; i++) {
        message[i].msg_hdr.msg_namelen = sizeof from[i];
    }
    int n = recvmmsg(fd, message, BATCH, MSG_DONTWAIT, NULL);
    c->calls++;
    if (n < 0) {
        return errno == EAGAIN || errno == EINTR ? 0 : fail("recvmmsg");
    }
    for (int i = 0; i < n; i++) {
        if (message[i].msg_len == sizeof(uint32_t)) {
            answer(fd, &message[i].msg_hdr);
        } else {
            take(c, data[i], message[i].msg_len, counters);
        }
    }
    return n;
}

/* Sleeps until there is something to receive. Returns 0 to go on, 1 to stop, -1 on an error. */
static int sleep_once(int fd, int64_t deadline, bool until_eof)
{
    struct pollfd wait[2] = {{.fd = fd, .events = POLLIN}, {.fd = until_eof ? STDIN_FILENO : -1, .events = POLLIN}};
    struct timespec look_up = {.tv_nsec = LOOK_UP_MS * 1000000l};
    if (stopped || clock_ns(CLOCK_MONOTONIC) >= deadline) {
        return 1;
    }
    if (ppoll(wait, 2, &look_up, NULL) < 0) {
        return errno == EINTR ? 0 : fail("ppoll");
    }
    char ignored[64];
    if (wait[1].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0) {
        return 1;
    }
    return 0;
}

static int run(int fd, const struct options *o, struct count *c)
{
    int64_t deadline = o->seconds ? clock_ns(CLOCK_MONOTONIC) + o->seconds * NS : INT64_MAX;
    const struct timespec gather = {.tv_nsec = o->moderation_us * 1000l};
    for (int i = 0; i < BATCH; i++) {
        vector[i] = (struct iovec){data[i], DATAGRAM_MAX};
        message[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_iov = &vector[i], .msg_iovlen = 1};
    }
    for (;;) {
        int n = receive(fd, c, o->counters);
        if (n > 0) {
            if (n < BATCH && o->moderation_us != 0) {
                nanosleep(&gather, NULL);
            }
            continue;
        }
        int end = n < 0 ? -1 : sleep_once(fd, deadline, o->until_eof);
        if (end) {
            return end < 0 ? -1 : 0;
        }
        c->sleeps++;
    }
}

/* ---- around it ---- */

static int open_socket(const struct options *o)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM}, *a;
    int error = getaddrinfo(o->address, o->port, &hints, &a);
    if (error) {
        fprintf(stderr, "udp_receive: address %s, port %s: %s\n", o->address, o->port, gai_strerror(error));
        return -1;
    }
    int fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fail("socket");
    } else if ((setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &o->receive_buffer, sizeof o->receive_buffer) &&
                setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &o->receive_buffer, sizeof o->receive_buffer)) ||
               bind(fd, a->ai_addr, a->ai_addrlen)) {
        fail("cannot bind the address and port");
        close(fd);
        fd = -1;
    }
    freeaddrinfo(a);
    return fd;
}

static int granted(int fd)
{
    int bytes = 0;
    socklen_t size = sizeof bytes;
    getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &size);
    return bytes / 2; /* the kernel doubles what it is asked for, and reports the double */
}

static void report(int fd, const struct count *c, int64_t cpu)
{
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof memory;
    getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size);
    printf("{\"receiver\":\"bare-c\",\"datagrams\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"highest\":%" PRIu64
           ",\"lost\":%" PRIu64 ",\"outOfOrder\":%" PRIu64 ",\"kernelDrops\":%" PRIu32 ",\"calls\":%" PRIu64
           ",\"sleeps\":%" PRIu64 ",\"cpuNs\":%" PRId64 ",\"cpuNsPerDatagram\":%.1f,\"receiveBuffer\":%d}\n",
           c->datagrams, c->bytes, c->highest, c->lost, c->out_of_order, memory[SK_MEMINFO_DROPS], c->calls, c->sleeps,
           cpu, c->datagrams ? (double)cpu / (double)c->datagrams : 0.0, granted(fd));
}

/* A whole number from min to max, or a message and exit. */
static int number(const char *option, const char *text, long min, long max)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < min || value > max) {
        fprintf(stderr, "udp_receive: %s is %s, but must be %ld to %ld\n%s", option, text, min, max, USAGE);
        exit(2);
    }
    return (int)value;
}

static struct options parse(int argc, char **argv)
{
    static const struct option LONG[] = {
        {"address", 1, NULL, 'a'},  {"port", 1, NULL, 'p'},    {"receive-buffer", 1, NULL, 'b'},
        {"counters", 1, NULL, 'c'}, {"seconds", 1, NULL, 's'}, {"moderation-us", 1, NULL, 'm'},
        {"until-eof", 0, NULL, 'e'}, {NULL, 0, NULL, 0}};
    struct options o = {.address = "127.0.0.1", .port = "5201", .receive_buffer = 8388608, .counters = 32};
    for (int c; (c = getopt_long(argc, argv, "", LONG, NULL)) != -1;) {
        switch (c) {
        case 'a':
            o.address = optarg;
            break;
        case 'p':
            number("--port", o.port = optarg, 0, 65535);
            break;
        case 'b':
            o.receive_buffer = number("--receive-buffer", optarg, 1, 1 << 30);
            break;
        case 'c':
            o.counters = number("--counters", optarg, 32, 64);
            break;
        case 's':
            o.seconds = number("--seconds", optarg, 1, 86400);
            break;
        case 'm':
            o.moderation_us = number("--moderation-us", optarg, 0, 10000);
            break;
        case 'e':
            o.until_eof = true;
            break;
        default:
            fputs(USAGE, stderr);
            exit(2);
        }
    }
    if (optind < argc || o.counters % 32) {
        fputs(USAGE, stderr);
        exit(2);
    }
    return o;
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int fd = open_socket(&o);
    if (fd < 0) {
        return 1;
    }
    fprintf(stderr, "udp_receive: %s port %s, %d bytes of receive buffer\n", o.address, o.port, granted(fd));
    struct count c = {0};
    int64_t before = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    int error = run(fd, &o, &c);
    report(fd, &c, clock_ns(CLOCK_THREAD_CPUTIME_ID) - before);
    close(fd);
    return error ? 1 : 0;
}
