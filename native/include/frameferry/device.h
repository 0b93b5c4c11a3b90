/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h: what the author of a device implements.
 *
 * One thread at a time drives a device: the poller of its bridge, or the thread
 * of an inline bridge. Only what says "any thread" is called by other threads.
 *
 * A device library is a shared library that exports such a table as a constant,
 * under a name of its own. It calls nothing of Frameferry and need not be linked
 * with it. ferry_device_open, or Java's Device.load, makes devices of it.
 * native/examples/device is one to copy.
 */
#ifndef FRAMEFERRY_DEVICE_H
#define FRAMEFERRY_DEVICE_H

#include "frameferry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this file: of the table, the slot, and what they mean. */
#define FERRY_DEVICE_ABI 4

/* One frame as a device sees it. */
struct ferry_slot {
    uint8_t *data;      /* fill: first byte to write; transmit: first byte to send */
    uint8_t *meta;      /* the frame's metadata line, FERRY_META_*; transmit: FERRY_AF_NONE if it has no peer */
    uint64_t token;     /* names the frame to complete() */
    uint32_t capacity;  /* fill: bytes that fit at data */
    uint32_t length;    /* fill: set to the bytes written; transmit: bytes to send */
    uint32_t dropped;   /* fill: set to the enum ferry_counter that counts the loss; transmit: to 1 if refused for good */
    uint32_t reserved;
};

/* Bits for arm(). */
#define FERRY_ARM_RX 1 /* wake when there is something to fill frames with */
#define FERRY_ARM_TX 2 /* wake when transmit() takes frames again */

/* Bits of ferry_device_ops.flags. */
#define FERRY_DEVICE_PATIENT 1 /* what is not read waits in the source: never read to be dropped */
#define FERRY_DEVICE_LEVEL 2   /* wait() returns at once while there is something to do: it is the second look */
#define FERRY_DEVICE_ADDRESSES 4 /* fill() writes the sender of every arrival into its metadata line */
#define FERRY_DEVICE_INLINE 8 /* one thread only, the caller's, may drive it: a threaded bridge is refused with FERRY_EINVAL */
#define FERRY_DEVICE_LOOP 16 /* ferry_loop_device's: what is sent is received, only wake() and close() are called */

struct ferry_device_ops {
    uint32_t abi;      /* FERRY_DEVICE_ABI */
    uint32_t bytes;    /* sizeof(struct ferry_device_ops) */
    uint32_t flags;    /* FERRY_DEVICE_* */
    uint32_t reserved; /* 0 */
    /* Makes a device and stores in *self what the other functions are called with. `config` is the user's, in words of
     * the device's own; gone after the call. Any thread. Returns FERRY_OK or an error: FERRY_EINVAL for a config that it
     * cannot read, FERRY_ESYSTEM - errno for what the system refuses. Then close() is not called. Null: devices of this
     * table are not made by ferry_device_open. */
    int32_t (*open)(const char *config, void **self);
    /* Writes arrivals into up to n slots, in order. Returns how many slots it used, 0 when there is none, or an
     * error, which ends the device. Must not block. */
    int32_t (*fill)(void *self, struct ferry_slot *slots, uint32_t n);
    /* Sends up to n frames, in order. Returns how many it took, refused ones included, 0 when it can take none now, or
     * an error, which ends the device. Must not block. Null: the device sends nothing, and frames sent to it are dropped and counted. */
    int32_t (*transmit)(void *self, struct ferry_slot *slots, uint32_t n);
    /* Stores the tokens of up to n transmitted frames that the device has done with. Returns how many. Null: a frame
     * is done with when transmit() returns. */
    int32_t (*complete)(void *self, uint64_t *tokens, uint32_t n);
    /* Enables the device's interrupt for FERRY_ARM_*; 0 disables it. Returns FERRY_OK or an error. */
    int32_t (*arm)(void *self, uint32_t events);
    /* Sleeps until an armed event, wake(), a signal, or timeout_ns (negative: for ever). Returns the FERRY_ARM_* that
     * ended it, 0 if it was something else, or an error, which ends the device.
     * A wake() that came before wait() ends it at once. A device with complete() must end wait(), whatever is armed, when
     * frames can be completed: a poller that starves waits for just those. */
    int32_t (*wait)(void *self, int64_t timeout_ns);
    /* Ends wait(). Any thread; must not block. The thread whose wait() it ends must see what the caller had
     * stored: an eventfd or a lock sees to that, an atomic needs release and acquire. */
    void (*wake)(void *self);
    /* ns of the device's own clock, by which the poller times its rest and its work. Any thread. Null: the system's
     * CLOCK_MONOTONIC. */
    uint64_t (*now)(void *self);
    /* Total of frames that the device or its kernel queue dropped. Any thread. Null: none known. */
    uint64_t (*drops)(void *self);
    /* Bytes of receive buffer that were granted. Any thread. Null: it has none. */
    uint64_t (*receive_buffer)(void *self);
    /* Frees everything. Called once, by the thread that closes the bridge, when no other call is under way. */
    void (*close)(void *self);
};

#ifdef __cplusplus
}
#endif

#endif
