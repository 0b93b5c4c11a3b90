/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_system.h: a system that fails when a test says so. In test_fault_*.c
 * the calls named below go through here on their way to the system: the
 * linker's --wrap, see CMakeLists.txt. Any thread.
 */
#ifndef FERRY_SUPPORT_SYSTEM_H
#define FERRY_SUPPORT_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum system_call {
    SYSTEM_RECVMMSG,
    SYSTEM_SENDMMSG,
    SYSTEM_PPOLL,
    SYSTEM_READ,
    SYSTEM_SOCKET,
    SYSTEM_EVENTFD,
    SYSTEM_SETSOCKOPT,
    SYSTEM_GETSOCKOPT,
    SYSTEM_BIND,
    SYSTEM_CONNECT,
    SYSTEM_GETSOCKNAME,
    SYSTEM_MMAP,
    SYSTEM_THREAD, /* pthread_create */
    SYSTEM_CALLOC,
    SYSTEM_ALIGNED_ALLOC,
    SYSTEM_CALLS
};

#define SYSTEM_ALWAYS UINT32_MAX

/* Every errno that one of those calls, or a driver below it, is known to give. Ends with 0. */
extern const int SYSTEM_ERRORS[];

/* The next `after` calls succeed, then `times` of them (SYSTEM_ALWAYS: all) fail with that errno. One such plan at a time. */
void system_fails(enum system_call call, uint32_t after, uint32_t times, int error);

/* sendmmsg takes at most so many messages a call, as it may: a failure can then come in the middle of a burst. */
void system_takes(uint32_t messages);

/* Nothing fails any more. Returns how many calls did. */
uint32_t system_works(void);

/* Whether a call was made to fail so many times. */
bool system_failed(uint32_t times);

/* The time of day jumps back by an hour at every look at it. Until system_works. */
void system_steps_back(void);

/* Looks at the time of day since system_steps_back. */
uint32_t system_looks(void);

/* Open file descriptors of this process. */
uint32_t open_files(void);

/* Runs it in a child of this process, where it must return 0. */
void in_a_child(int (*run)(void));

#endif
