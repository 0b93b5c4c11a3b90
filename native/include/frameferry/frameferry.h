/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frameferry.h: the C API of Frameferry.
 *
 * A pool owns one slab of fixed-stride frames. A bridge joins one device (a
 * native source or sink) to a pair of single-producer single-consumer rings of
 * descriptors: rx carries frames from the device, tx carries frames to it.
 * Payload never moves; a batch of 64-bit descriptors crosses in one call.
 *
 * Two kinds of function, named in every comment:
 *   burst      never blocks, makes no system call, never calls back, and is
 *              bounded by the size of the batch. Safe as a critical downcall.
 *   ordinary   may block or enter the kernel.
 *
 * Threads: the receive end of a bridge (receive, poll, wait for rx) belongs to
 * one thread at a time, and so does its send end (send, wait for tx); with
 * FERRY_INLINE both belong to the same thread. Everything else may be called by
 * any thread. A closed pool or bridge answers FERRY_ECLOSED until the pool is
 * freed, so a late caller gets an error, not a fault.
 *
 * What is returned: FERRY_OK, unless the comment says more, or one of the
 * negative numbers under "errors".
 */
/*
 * This file is read by jextract as well as by C compilers: fixed-width types,
 * named structs, no inline functions, no bit-fields.
 */
#ifndef FRAMEFERRY_FRAMEFERRY_H
#define FRAMEFERRY_FRAMEFERRY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FERRY_API __attribute__((visibility("default")))
#else
#define FERRY_API
#endif

/* ---- limits and layout ------------------------------------------------- */

/* Version of the library: 10000 * major + 100 * minor + patch. This is 0.1.0. */
#define FERRY_VERSION 100

/* Version of the shared-memory layout that LAYOUT.md describes. */
#define FERRY_LAYOUT_VERSION 3

#define FERRY_FRAMES_MAX 1048576         /* 2^20: the descriptor's index field */
#define FERRY_FRAME_SIZE_MIN 64          /* bytes of data */
#define FERRY_FRAME_SIZE_MAX 1048576     /* 1 MiB */
#define FERRY_HEADROOM_MAX 65536         /* bytes */
#define FERRY_RING_CAPACITY_MAX 1048576  /* descriptors; a power of two from 1 */
#define FERRY_BRIDGES_MAX 64             /* open at once on one pool */
#define FERRY_MAGAZINES_MAX 64           /* open at once on one pool */
#define FERRY_BATCH_MAX 1024             /* descriptors in one burst call */
#define FERRY_BUDGET_MAX 4096            /* frames in one round of a poller */
#define FERRY_MODERATION_MAX 10000000    /* ns */

/* Offsets, in bytes, inside a frame: the metadata line, then headroom, data, tailroom. */
#define FERRY_META_TIMESTAMP 0  /* i64: ns since the epoch at which the frame came in */
#define FERRY_META_TAG 8        /* u64: the user's, never touched by the library */
#define FERRY_META_ADDRESS 16   /* 32 bytes: struct ferry_address of the peer */
#define FERRY_META_BYTES 64     /* the first byte after the metadata line */

/* Offsets, in bytes, inside a ring: four words of its two ends, 128 bytes apart. */
#define FERRY_RING_TAIL 0            /* u64, the producer's index */
#define FERRY_RING_CACHED_HEAD 128   /* u64, the producer's last look at head */
#define FERRY_RING_HEAD 256          /* u64, the consumer's index */
#define FERRY_RING_CACHED_TAIL 384   /* u64, the consumer's last look at tail */
#define FERRY_RING_CONSUMER_WAITS 512 /* u32, the consumer sleeps: signal it */
#define FERRY_RING_PRODUCER_WAITS 640 /* u32, the producer sleeps: signal it */
#define FERRY_RING_BYTES 1024        /* the ring's words; its slots lie elsewhere */

/* Offset, in bytes, in a bridge's area: i32, the error that ended the device, or 0. */
#define FERRY_BRIDGE_ERROR 2056

/* A descriptor: index in bits 0-19, offset in the frame 20-40, length 41-61, FERRY_ADDRESSED 62. Bit 63 is 0. */
#define FERRY_INDEX_BITS 20
#define FERRY_OFFSET_BITS 21
#define FERRY_LENGTH_BITS 21

/* 2^62, the descriptor's flag: the address in the metadata line is this frame's peer. Received frames have it if their
 * device tells who sent them. Without it the address is whatever the frame's last user left there, and nobody reads it:
 * set it with the address, or the frame goes nowhere but to the peer of a connected socket. */
#define FERRY_ADDRESSED 4611686018427387904

/* ---- errors ------------------------------------------------------------ */

/* One table for C and Java: name, number, text. "(retry)" marks those that may pass. */
#define FERRY_ERROR_TABLE(X) \
    X(FERRY_OK, 0, "success") \
    X(FERRY_ECLOSED, -1, "the pool or bridge is closed") \
    X(FERRY_EINVAL, -2, "an argument is out of range") \
    X(FERRY_ENOMEM, -3, "out of memory") \
    X(FERRY_ECORRUPT, -4, "shared memory holds a value that cannot be: index or descriptor out of range") \
    X(FERRY_EEND, -5, "this end of the ring belongs to the other language") \
    X(FERRY_EFULL, -6, "every bridge or magazine of the pool is in use (retry after closing one)") \
    X(FERRY_EDEVICE, -7, "the device broke its contract: see device.h") \
    X(FERRY_EABI, -8, "this is no device of this version of device.h: build it with the headers of this release") \
    X(FERRY_ECAPTURE, -9, \
      "not a capture file: neither pcap 2.4 nor pcapng 1.0 (unpack a compressed one first), or it holds no packet") \
    X(FERRY_ETRUNCATED, -10, \
      "the capture file is cut short or damaged (tcpdump -r FILE -w OTHER saves what stands before the damage), " \
      "or its packets span more than 100 days")

#define FERRY_ERROR_ENUM(name, number, text) name = number,
enum ferry_error { FERRY_ERROR_TABLE(FERRY_ERROR_ENUM) };
#undef FERRY_ERROR_ENUM

/* An error of the operating system is FERRY_ESYSTEM - errno: -1098 is EADDRINUSE on Linux. */
#define FERRY_ESYSTEM (-1000)

/* Ordinary, any thread. The text of an error, never null. System errors use the thread's buffer. */
FERRY_API const char *ferry_strerror(int32_t error);

/* Ordinary, any thread. The name of an error ("FERRY_ECLOSED", "EADDRINUSE"), never null. */
FERRY_API const char *ferry_error_name(int32_t error);

/* Ordinary, any thread. FERRY_VERSION that the library was built with. */
FERRY_API uint32_t ferry_version(void);

/* Ordinary, any thread. FERRY_LAYOUT_VERSION that the library was built with. */
FERRY_API uint32_t ferry_layout_version(void);

/*
 * Ordinary, any thread. A memory barrier in every thread of the process: each
 * is, at some moment between call and return, as if it had executed a full
 * fence. For an asymmetric fence: the side that runs often stores its word and
 * then loads the other's with no more than a compiler barrier in between, and
 * the side that runs seldom stores its word, calls this, and then loads. As
 * with two fences, not both of them miss the other's store. Costs some
 * microseconds, and an interrupt on each core that runs the process.
 * Returns FERRY_OK, or a system error from a kernel that has no membarrier or
 * forbids it: then nothing is ordered, and both sides need a fence.
 */
FERRY_API int32_t ferry_barrier(void);

/* ---- pool -------------------------------------------------------------- */

/* Opaque, process-private: the slab's mapping and what is trusted about it. */
typedef struct ferry_pool ferry_pool;

struct ferry_pool_config {
    uint32_t frames;        /* 1 .. FERRY_FRAMES_MAX */
    uint32_t frame_size;    /* bytes of data, FERRY_FRAME_SIZE_MIN .. FERRY_FRAME_SIZE_MAX */
    uint32_t headroom;      /* bytes before the data, 0 .. FERRY_HEADROOM_MAX, a multiple of 64 */
    uint32_t ring_capacity; /* descriptors in each ring, a power of two, 1 .. FERRY_RING_CAPACITY_MAX */
    uint32_t bridges;       /* bridges that may be open at once, 0 .. FERRY_BRIDGES_MAX */
    uint32_t huge_pages;    /* 1: ask for transparent huge pages */
    /* 1: a frame that comes back has all its bytes set to 0, metadata line and all, before anybody can take it again.
     * Whoever gives it back pays for that, in burst functions, too: stride bytes a frame. */
    uint32_t zero;
};

/* Where things lie. Constant from open to free; offsets are from control. */
struct ferry_geometry {
    uint64_t control;         /* address of the control segment */
    uint64_t control_bytes;
    uint64_t data;            /* address of the data segment: frame i lies at i * stride */
    uint64_t data_bytes;
    uint64_t bridge_offset;   /* of the first bridge area */
    uint64_t bridge_bytes;    /* from one bridge area to the next */
    uint64_t rx_slots;        /* offset of the rx ring's slots in a bridge area */
    uint64_t tx_slots;        /* offset of the tx ring's slots in a bridge area */
    uint32_t frames;
    uint32_t stride;          /* bytes from one frame to the next: an odd number of 64-byte lines */
    uint32_t frame_size;
    uint32_t headroom;
    uint32_t ring_capacity;
    uint32_t bridges;
};

/* Where every frame is. frames = free + cached + queued + device + leased when nothing moves. */
struct ferry_audit {
    uint64_t frames;
    uint64_t free;       /* in the depot */
    uint64_t cached;     /* in a magazine: a poller's or a thread's */
    uint64_t queued;     /* in an rx or tx ring */
    uint64_t device;     /* handed to a device that has not completed them */
    uint64_t leased;     /* the rest: held by callers */
    uint64_t duplicated; /* frames seen in two places: a double give. 0 in a sound pool */
    uint64_t corrupt;    /* blocks or descriptors out of range. 0 in a sound pool */
};

/*
 * Ordinary, any thread. Opens a pool: maps and initialises a slab, every frame
 * free. On success stores the pool in *pool and returns FERRY_OK. FERRY_EINVAL for a
 * value out of range, FERRY_ENOMEM or a system error when the slab cannot be
 * mapped.
 */
FERRY_API int32_t ferry_pool_open(const struct ferry_pool_config *config, ferry_pool **pool);

/* Ordinary, any thread, until ferry_pool_free. Stores in *geometry where things lie, of a closed pool, too. */
FERRY_API int32_t ferry_pool_geometry(ferry_pool *pool, struct ferry_geometry *geometry);

/*
 * Burst, any thread. Takes up to n free frames: descriptors[i] names an empty
 * frame at its headroom, without FERRY_ADDRESSED; no byte of it is touched.
 * Returns how many, 0 .. n; fewer when the depot is empty, which also asks
 * pollers to give back what their magazines hold.
 */
FERRY_API int64_t ferry_pool_take(ferry_pool *pool, uint64_t *descriptors, uint32_t n);

/*
 * Burst, any thread. Gives n frames back; only their index counts. Returns n
 * in the low 32 bits, plus FERRY_WAKE_POOL if a starved poller must be woken
 * by ferry_pool_wake. An index out of range: FERRY_ECORRUPT, and none is given.
 */
FERRY_API int64_t ferry_pool_give(ferry_pool *pool, const uint64_t *descriptors, uint32_t n);

/* Burst, any thread. Gives one frame back, as ferry_pool_give does, without an array. */
FERRY_API int64_t ferry_pool_give_one(ferry_pool *pool, uint64_t descriptor);

/* Ordinary, any thread. Wakes the pollers that found the pool empty. */
FERRY_API int32_t ferry_pool_wake(ferry_pool *pool);

/* Ordinary, any thread. Stores in *audit where every frame is: exact when nothing moves, else an estimate. */
FERRY_API int32_t ferry_pool_audit(ferry_pool *pool, struct ferry_audit *audit);

/*
 * Ordinary, any thread. Closes a pool: closes the bridges still open, joins their
 * pollers and puts zero pages in place of the slab, so that late accesses read
 * zeros. The addresses stay mapped until ferry_pool_free. FERRY_ECLOSED the second time.
 */
FERRY_API int32_t ferry_pool_close(ferry_pool *pool);

/* Ordinary, once, after the last use of the pool by any thread. Closes the pool if need be, unmaps and frees it. */
FERRY_API void ferry_pool_free(ferry_pool *pool);

/* ---- magazine ---------------------------------------------------------- */

/*
 * Opaque: up to 128 free frames that one thread keeps, so that it goes to the
 * pool once for 64. Its owner is one thread at a time; whoever hands it on
 * orders the hand-over. Frames taken from a magazine may be given to another
 * one, or to the pool, and the other way round.
 *
 * What a magazine holds nobody else can take. Its owner gives it up by itself
 * when somebody found the pool empty, but only in the course of its next call:
 * flush it before the thread rests.
 */
typedef struct ferry_magazine ferry_magazine;

/*
 * Ordinary, any thread. Opens an empty magazine, stored in *magazine, for the
 * thread that will use it. FERRY_EFULL when FERRY_MAGAZINES_MAX of the pool are open.
 */
FERRY_API int32_t ferry_magazine_open(ferry_pool *pool, ferry_magazine **magazine);

/*
 * Burst, its owner. Takes up to n free frames, as ferry_pool_take does; plus
 * FERRY_WAKE_POOL if a starved poller must be woken by ferry_pool_wake.
 */
FERRY_API int64_t ferry_magazine_take(ferry_magazine *magazine, uint64_t *descriptors, uint32_t n);

/* Burst, its owner. Gives n frames back, as ferry_pool_give does. */
FERRY_API int64_t ferry_magazine_give(ferry_magazine *magazine, const uint64_t *descriptors, uint32_t n);

/* Burst, its owner. Gives all that it holds to the pool. Returns how many frames, plus FERRY_WAKE_POOL. */
FERRY_API int64_t ferry_magazine_flush(ferry_magazine *magazine);

/*
 * Ordinary, its owner. Flushes and closes a magazine; the handle may be that of
 * another one from then on. FERRY_ECLOSED when it or its pool was closed before:
 * a pool that closes takes the frames of its magazines with it, and every call
 * on them answers so until ferry_pool_free.
 */
FERRY_API int32_t ferry_magazine_close(ferry_magazine *magazine);

/* ---- bridge ------------------------------------------------------------ */

struct ferry_device_ops; /* device.h: what a device does */

/* A device: what it does, and with what. Owned by the caller until a bridge takes it, which copies this. */
typedef struct ferry_device ferry_device;

struct ferry_device {
    const struct ferry_device_ops *ops;
    void *self;
};

/*
 * Ordinary, any thread. Makes a device of a table that its author exports, most
 * often from a shared library, and stores it in *device. `config` is for the
 * author's open(). FERRY_EABI for a table of another version or size of
 * device.h, FERRY_EDEVICE for one that lacks a function or has flags that it may
 * not have, and for an open() that answers with a number above 0; else open()'s
 * own error.
 */
FERRY_API int32_t ferry_device_open(const struct ferry_device_ops *ops, const char *config, ferry_device *device);

/* Bits of ferry_bridge_config.flags. */
#define FERRY_INLINE 1    /* no poller thread: the caller's thread drives the device */
#define FERRY_MAPPED_RX 2 /* the rx ring's consumer works the mapped ring itself */
#define FERRY_MAPPED_TX 4 /* the tx ring's producer works the mapped ring itself */

/* Bits of the value that burst functions return, above the count in bits 0-31. */
#define FERRY_WAKE_BRIDGE 4294967296 /* 2^32: call ferry_bridge_wake */
#define FERRY_WAKE_POOL 8589934592   /* 2^33: call ferry_pool_wake */

/* What a thread waits for. */
#define FERRY_RX 0 /* a frame in the rx ring */
#define FERRY_TX 1 /* room in the tx ring */

struct ferry_bridge_config {
    uint32_t flags;
    uint32_t budget;  /* frames a round, 1 .. FERRY_BUDGET_MAX */
    uint32_t spin_ns; /* how long a waiter spins before it sleeps; 0: not at all */
    /* How long the poller sleeps with the interrupt off after a round that brought something, but less than its budget,
     * so that arrivals gather; 0: not at all, FERRY_MODERATION_MAX at most. */
    uint32_t moderation_ns;
};

/* Counters of one bridge, 64 bits each, in this order in shared memory. */
enum ferry_counter {
    FERRY_RX_FRAMES,        /* put into the rx ring */
    FERRY_RX_BYTES,
    FERRY_RX_NO_FRAME,      /* dropped: the pool was empty and the source cannot wait */
    FERRY_RX_RING_FULL,     /* dropped: the rx ring was full and the source cannot wait */
    FERRY_RX_OVERSIZE,      /* dropped: longer than what the frame holds, which is stride - 64 - headroom */
    FERRY_RX_DEVICE,        /* dropped by the device itself or by its kernel queue */
    FERRY_RX_ERRORS,        /* reads that failed for a reason that passes, and slots that a device filled wrongly */
    FERRY_TX_FRAMES,        /* taken by the device */
    FERRY_TX_BYTES,
    FERRY_TX_DROPPED,       /* refused by the device, or still queued when the bridge closed */
    FERRY_ROUNDS,           /* rounds of the poller */
    FERRY_ROUNDS_FULL,      /* ... that used the whole budget */
    FERRY_ROUNDS_EMPTY,     /* ... that moved nothing */
    FERRY_ARMED,            /* times the poller armed the device */
    FERRY_SLEPT,            /* ... and went to sleep, the second look having found nothing */
    FERRY_STARVED,          /* times it slept because the pool was empty */
    FERRY_BLOCKED,          /* times it slept because the rx ring was full */
    FERRY_INTERRUPTS,       /* sleeps that an event of the device ended */
    FERRY_ARMED_NS,         /* time asleep with the receive interrupt armed */
    FERRY_RESTED_NS,        /* time asleep with it disarmed: starved, blocked, or letting arrivals gather */
    FERRY_COUNTERS
};

struct ferry_statistics {
    uint64_t counters[20];   /* by enum ferry_counter */
    uint64_t receive_buffer; /* bytes the kernel granted, 0 if the device has none */
    uint64_t rx_queued;      /* frames in the rx ring now */
    uint64_t tx_queued;      /* frames in the tx ring now */
    uint64_t polling_ns;     /* since the bridge opened, but for the time asleep; an inline bridge's with its caller's own work */
};

/*
 * Ordinary, any thread. Opens a bridge over the device and takes the device
 * over: it is closed with the bridge, or at once if this call fails, unless its
 * table is the reason: FERRY_EABI, FERRY_EDEVICE. Starts the poller unless
 * FERRY_INLINE. Returns the bridge's number, 0 .. 63, or an error. Numbers are
 * used again after ferry_bridge_reclaim.
 */
FERRY_API int32_t ferry_bridge_open(ferry_pool *pool, ferry_device *device, const struct ferry_bridge_config *config);

/*
 * Ordinary, any thread. Returns a device with which what is sent over a bridge
 * is received from it: between two threads, of C or Java. Its rx ring is its tx
 * ring, there is no poller and no copy, frames keep their metadata, and what is
 * queued when the bridge closes can still be received. Its bridges cannot be
 * FERRY_INLINE. Never null, and for any number of bridges.
 */
FERRY_API ferry_device *ferry_loop_device(void);

/*
 * Burst, receive end. Gives `previous` frames that batch names back to the
 * pool, then fills batch with up to max received ones. Returns the count, plus
 * FERRY_WAKE_BRIDGE and FERRY_WAKE_POOL; FERRY_ECLOSED once closed and drained;
 * the error that ended the device once that is drained. The previous frames
 * are given back whatever the outcome, unless it is FERRY_EINVAL, FERRY_EEND or
 * FERRY_ECORRUPT for one of them.
 */
FERRY_API int64_t ferry_bridge_receive(ferry_pool *pool, int32_t bridge, uint64_t *batch, uint32_t previous, uint32_t max);

/*
 * Ordinary, the thread of an inline bridge. Drives the bridge: gives the previous frames to the device's side, does one
 * round of the device, then receives as ferry_bridge_receive does: one call a batch. With timeout_ns > 0 it first sleeps in the
 * device, unless the last round left something behind, until ferry_bridge_interrupt, close, or timeout_ns have passed;
 * it may return 0 earlier. With FERRY_MAPPED_RX it returns 0: look into the ring. With max 0 it only gives back and
 * sends. FERRY_EINVAL for a threaded bridge.
 */
FERRY_API int64_t ferry_bridge_poll(ferry_pool *pool, int32_t bridge, uint64_t *batch, uint32_t previous, uint32_t max,
                                    int64_t timeout_ns);

/*
 * Burst, send end. Puts up to n frames into the tx ring, in order; the first
 * `count` of them then belong to the bridge. Returns the count, plus
 * FERRY_WAKE_BRIDGE. FERRY_ECORRUPT for a descriptor out of range: none is sent.
 */
FERRY_API int64_t ferry_bridge_send(ferry_pool *pool, int32_t bridge, const uint64_t *batch, uint32_t n);

/* Ordinary, any thread. Wakes the bridge's poller. */
FERRY_API int32_t ferry_bridge_wake(ferry_pool *pool, int32_t bridge);

/*
 * Ordinary, the end that `what` names (FERRY_RX or FERRY_TX). Waits until the
 * ring has frames (room), the bridge closes, ferry_bridge_interrupt is called,
 * or timeout_ns (>= 0) have passed. Returns 1 when there are frames (is room),
 * 0 when not, or an error: the one that ended the device, or FERRY_ECLOSED.
 * With FERRY_INLINE it sleeps in the device, and what woke it is for the next
 * ferry_bridge_poll to find: 0 is then the usual answer.
 */
FERRY_API int32_t ferry_bridge_wait(ferry_pool *pool, int32_t bridge, uint32_t what, int64_t timeout_ns);

/* Ordinary, any thread. Ends the wait that the end `what` of a bridge is in, or else its next one. */
FERRY_API int32_t ferry_bridge_interrupt(ferry_pool *pool, int32_t bridge, uint32_t what);

/* Ordinary, any thread. Stores a bridge's counters in *statistics, as they are now, or were when the bridge closed. */
FERRY_API int32_t ferry_bridge_statistics(ferry_pool *pool, int32_t bridge, struct ferry_statistics *statistics);

/*
 * Ordinary, any thread. Closes a bridge: stops and joins the poller, offers the
 * device what is left in the tx ring once, closes the device, wakes whoever
 * waits. What is in the rx ring can still be received. FERRY_ECLOSED the second
 * time.
 */
FERRY_API int32_t ferry_bridge_close(ferry_pool *pool, int32_t bridge);

/*
 * Ordinary, after close, when no thread will receive or send any more. Gives
 * the pool what is left in the rings of a bridge, and frees its number.
 */
FERRY_API int32_t ferry_bridge_reclaim(ferry_pool *pool, int32_t bridge);

/* ---- UDP device -------------------------------------------------------- */

#define FERRY_AF_NONE 0
#define FERRY_AF_INET 2   /* Linux's AF_INET */
#define FERRY_AF_INET6 10 /* Linux's AF_INET6 */

/*
 * An internet address in the bytes of Linux's sockaddr_in6; for FERRY_AF_INET
 * the four bytes of the address stand in `flow`, as they do in sockaddr_in.
 */
struct ferry_address {
    uint16_t family;   /* FERRY_AF_*, the host's byte order */
    uint16_t port;     /* network byte order */
    uint32_t flow;     /* IPv6 flow label, or the IPv4 address; network byte order */
    uint64_t ipv6_high; /* IPv6 address, bytes 0-7, as they go over the network. Two words and no array: an array would
                         * cost every Java program ten milliseconds of start-up */
    uint64_t ipv6_low;  /* bytes 8-15 */
    uint32_t scope;    /* IPv6 interface number, the host's byte order */
    uint32_t reserved;
};

/* Bits of ferry_udp_config.flags. */
#define FERRY_UDP_TIMESTAMPS 1 /* stamp with the kernel's time of arrival, not the poller's */
#define FERRY_UDP_REUSE_PORT 2 /* SO_REUSEPORT */
#define FERRY_UDP_V6_ONLY 4    /* IPV6_V6ONLY: an IPv6 socket takes no IPv4 traffic */

struct ferry_udp_config {
    struct ferry_address local;  /* port 0: any free one */
    struct ferry_address remote; /* family FERRY_AF_NONE: not connected */
    uint32_t receive_buffer;     /* bytes asked for, 0: the system's default */
    uint32_t send_buffer;        /* bytes asked for, 0: the system's default */
    uint32_t flags;
};

/*
 * Ordinary, any thread. Opens a UDP device: opens, sizes and binds a socket;
 * stores the device in *device and the bound address in *bound. Asks with SO_RCVBUFFORCE first, then
 * SO_RCVBUF. FERRY_EINVAL or a system error (EADDRINUSE, EACCES, ...).
 */
FERRY_API int32_t ferry_udp_open(const struct ferry_udp_config *config, ferry_device **device, struct ferry_address *bound);

#ifdef __cplusplus
}
#endif

#endif
