/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp_send.c: sends UDP datagrams to one address as fast as it goes, one system
 * call each, as iperf3 -u -b 0 does, with iperf3's header: seconds,
 * microseconds and a number that counts from 1, 32 bits each, big-endian. One
 * thread. It stands in for iperf3 in `ferry demo` where that is not installed,
 * and prints one line of JSON when it ends.
 *
 * With --burst the kernel cuts one system call's bytes into that many datagrams
 * (UDP_SEGMENT): the only way in which one core offers more than another one
 * can receive. With --rate it keeps to a rate, whatever becomes of them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER 12
#define LENGTH_MAX 65507
#define BURST_MAX 64 /* what every kernel with UDP_SEGMENT takes */
#define NS 1000000000ll

struct options {
    const char *address;
    const char *port;
    int length;
    int seconds;
    int burst;     /* datagrams a system call */
    int rate;      /* datagrams a second; 0: as fast as it goes */
    int first;     /* number of the first one */
    int64_t limit; /* datagrams in all */
};

static const char USAGE[] =
    "usage: udp_send [--address ADDRESS] [--port PORT] [--length BYTES] [--seconds N]\n"
    "                [--burst N] [--rate N] [--first N] [--limit N]\n"
    "Sends UDP as fast as it goes, or at --rate datagrams a second, then prints one line of JSON. ADDRESS is\n"
    "numeric (127.0.0.1), PORT 5201, BYTES 64 (12 to 65507), --seconds 5 (1 to 86400). --burst datagrams go with\n"
    "one system call (1 to 64), their numbers count from --first (1), and --limit of them are enough.\n";

static int fail(const char *what)
{
    fprintf(stderr, "udp_send: %s: %s\n", what, strerror(errno));
    return -1;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * NS + t.tv_nsec;
}

static int open_socket(const struct options *o)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM}, *a;
    int error = getaddrinfo(o->address, o->port, &hints, &a);
    if (error) {
        fprintf(stderr, "udp_send: address %s, port %s: %s\n", o->address, o->port, gai_strerror(error));
        return -1;
    }
    int fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fail("socket");
    } else if (connect(fd, a->ai_addr, a->ai_addrlen)) {
        fail("cannot connect to the address and port");
        close(fd);
        fd = -1;
    } else if (o->burst > 1 && setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &o->length, sizeof o->length)) {
        fail("--burst needs Linux 4.18 (UDP_SEGMENT)");
        close(fd);
        fd = -1;
    }
    freeaddrinfo(a);
    return fd;
}

static void write_header(uint8_t *datagram, int64_t now, uint64_t number)
{
    uint32_t header[3] = {htonl((uint32_t)(now / NS)), htonl((uint32_t)(now % NS / 1000)), htonl((uint32_t)number)};
    memcpy(datagram, header, HEADER);
}

/* One system call with the next `count` datagrams. Returns how many the kernel took, -1 on an error. */
static int send_burst(int fd, const struct options *o, int count, uint64_t number)
{
    static uint8_t datagrams[LENGTH_MAX];
    int64_t now = clock_ns(CLOCK_REALTIME);
    for (int i = 0; i < count; i++) {
        write_header(datagrams + (size_t)i * (size_t)o->length, now, number + (uint64_t)i);
    }
    if (send(fd, datagrams, (size_t)count * (size_t)o->length, 0) >= 0) {
        return count;
    }
    /* not for an error that an earlier datagram met, nor for a full queue */
    return errno == ECONNREFUSED || errno == ENOBUFS || errno == EINTR ? 0 : fail("send");
}

/* Sends until the time is over or there were enough. Returns how many datagrams the kernel took, -1 on an error. */
static int64_t run(int fd, const struct options *o)
{
    int64_t start = clock_ns(CLOCK_MONOTONIC), now = start;
    int64_t end = start + o->seconds * NS;
    int64_t sent = 0;
    while (now < end && sent < o->limit) {
        int64_t left = o->limit - sent;
        if (o->rate == 0 || (double)(now - start) * o->rate >= (double)sent * NS) {
            int taken = send_burst(fd, o, left < o->burst ? (int)left : o->burst, (uint64_t)(o->first + sent));
            if (taken < 0) {
                return -1;
            }
            sent += taken;
        }
        now = clock_ns(CLOCK_MONOTONIC);
    }
    return sent;
}

/* A whole number from min to max, or a message and exit. */
static int number(const char *option, const char *text, long min, long max)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < min || value > max) {
        fprintf(stderr, "udp_send: %s is %s, but must be %ld to %ld\n%s", option, text, min, max, USAGE);
        exit(2);
    }
    return (int)value;
}

/* Takes one option. Returns false for one that there is not. */
static bool take_option(struct options *o, int option)
{
    switch (option) {
    case 'a':
        o->address = optarg;
        return true;
    case 'p':
        number("--port", o->port = optarg, 1, 65535);
        return true;
    case 'l':
        o->length = number("--length", optarg, HEADER, LENGTH_MAX);
        return true;
    case 's':
        o->seconds = number("--seconds", optarg, 1, 86400);
        return true;
    case 'b':
        o->burst = number("--burst", optarg, 1, BURST_MAX);
        return true;
    case 'r':
        o->rate = number("--rate", optarg, 1, INT_MAX);
        return true;
    case 'f':
        o->first = number("--first", optarg, 1, INT_MAX);
        return true;
    case 'n':
        o->limit = number("--limit", optarg, 1, INT_MAX);
        return true;
    default:
        return false;
    }
}

static struct options parse(int argc, char **argv)
{
    static const struct option LONG[] = {
        {"address", 1, NULL, 'a'}, {"port", 1, NULL, 'p'}, {"length", 1, NULL, 'l'}, {"seconds", 1, NULL, 's'},
        {"burst", 1, NULL, 'b'},   {"rate", 1, NULL, 'r'}, {"first", 1, NULL, 'f'},  {"limit", 1, NULL, 'n'},
        {NULL, 0, NULL, 0}};
    struct options o = {.address = "127.0.0.1", .port = "5201", .length = 64, .seconds = 5, .burst = 1, .first = 1,
                        .limit = INT64_MAX};
    bool known = true;
    for (int c; known && (c = getopt_long(argc, argv, "", LONG, NULL)) != -1;) {
        known = take_option(&o, c);
    }
    if (!known || optind < argc || o.length > LENGTH_MAX / o.burst) {
        fputs(USAGE, stderr);
        exit(2);
    }
    return o;
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    int fd = open_socket(&o);
    if (fd < 0) {
        return 1;
    }
    int64_t start = clock_ns(CLOCK_MONOTONIC);
    int64_t sent = run(fd, &o);
    double seconds = (double)(clock_ns(CLOCK_MONOTONIC) - start) / NS;
    close(fd);
    if (sent < 0) {
        return 1;
    }
    printf("{\"sender\":\"udp_send\",\"sent\":%" PRId64 ",\"seconds\":%.6f}\n", sent, seconds);
    return 0;
}
