/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp_send.c: sends UDP datagrams to one address as fast as it goes, one system
 * call each, as iperf3 -u -b 0 does, with iperf3's header: seconds,
 * microseconds and a number that counts from 1, 32 bits each, big-endian. One
 * thread. It stands in for iperf3 in `ferry demo` where that is not installed,
 * and prints one line of JSON when it ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER 12
#define LENGTH_MAX 65507
#define NS 1000000000ll

struct options {
    const char *address;
    const char *port;
    int length;
    int seconds;
};

static const char USAGE[] = "usage: udp_send [--address ADDRESS] [--port PORT] [--length BYTES] [--seconds N]\n"
                            "Sends UDP as fast as it goes, then prints one line of JSON. ADDRESS is numeric\n"
                            "(127.0.0.1), PORT 5201, BYTES 64 (12 to 65507), N 5 (1 to 86400).\n";

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
    }
    freeaddrinfo(a);
    return fd;
}

static void write_header(uint8_t *datagram, int64_t now, uint64_t number)
{
    uint32_t header[3] = {htonl((uint32_t)(now / NS)), htonl((uint32_t)(now % NS / 1000)), htonl((uint32_t)number)};
    memcpy(datagram, header, HEADER);
}

/* Sends until the time is over. Returns how many datagrams the kernel took, -1 on an error. */
static int64_t run(int fd, const struct options *o)
{
    static uint8_t datagram[LENGTH_MAX];
    int64_t end = clock_ns(CLOCK_MONOTONIC) + o->seconds * NS;
    int64_t sent = 0;
    while (clock_ns(CLOCK_MONOTONIC) < end) {
        write_header(datagram, clock_ns(CLOCK_REALTIME), (uint64_t)sent + 1);
        if (send(fd, datagram, (size_t)o->length, 0) >= 0) {
            sent++;
        } else if (errno != ECONNREFUSED && errno != ENOBUFS && errno != EINTR) {
            return fail("send"); /* not for an error that an earlier datagram met, nor for a full queue */
        }
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

static struct options parse(int argc, char **argv)
{
    static const struct option LONG[] = {{"address", 1, NULL, 'a'},
                                         {"port", 1, NULL, 'p'},
                                         {"length", 1, NULL, 'l'},
                                         {"seconds", 1, NULL, 's'},
                                         {NULL, 0, NULL, 0}};
    struct options o = {.address = "127.0.0.1", .port = "5201", .length = 64, .seconds = 5};
    for (int c; (c = getopt_long(argc, argv, "", LONG, NULL)) != -1;) {
        switch (c) {
        case 'a':
            o.address = optarg;
            break;
        case 'p':
            number("--port", o.port = optarg, 1, 65535);
            break;
        case 'l':
            o.length = number("--length", optarg, HEADER, LENGTH_MAX);
            break;
        case 's':
            o.seconds = number("--seconds", optarg, 1, 86400);
            break;
        default:
            fputs(USAGE, stderr);
            exit(2);
        }
    }
    if (optind < argc) {
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
