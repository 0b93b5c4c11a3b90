/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support_system.c: see support_system.h.
 */
#include "support_system.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support_pool.h"

const int SYSTEM_ERRORS[] = {
    EPERM,        ENOENT,     EINTR,       EIO,          ENXIO,       EBADF,        EAGAIN,     ENOMEM,
    EACCES,       EFAULT,     EBUSY,       ENODEV,       EINVAL,      ENFILE,       EMFILE,     EFBIG,
    ENOSPC,       EPIPE,      ENOSYS,      EPROTO,       EBADMSG,     EOVERFLOW,    ENOTSOCK,   EDESTADDRREQ,
    EMSGSIZE,     EOPNOTSUPP, EADDRINUSE,  EAFNOSUPPORT, ENETDOWN,    ENETUNREACH,  ENETRESET,  ECONNABORTED,
    ECONNRESET,   ENOBUFS,    EISCONN,     ENOTCONN,     ESHUTDOWN,   EADDRNOTAVAIL, ETIMEDOUT, ECONNREFUSED,
    EHOSTDOWN,    EHOSTUNREACH, ENOPROTOOPT, EREMOTEIO,  0};

#define HOUR_S 3600

static struct {
    pthread_mutex_t lock;
    enum system_call call;
    uint32_t after;
    uint32_t times;
    int error;
    uint32_t failed;
    uint32_t takes; /* messages, 0: as many as it is given */
    bool steps_back;
    uint32_t looks;
} plan = {.lock = PTHREAD_MUTEX_INITIALIZER};

void system_fails(enum system_call call, uint32_t after, uint32_t times, int error)
{
    pthread_mutex_lock(&plan.lock);
    plan.call = call;
    plan.after = after;
    plan.times = times;
    plan.error = error;
    plan.failed = 0;
    pthread_mutex_unlock(&plan.lock);
}

void system_takes(uint32_t messages)
{
    pthread_mutex_lock(&plan.lock);
    plan.takes = messages;
    pthread_mutex_unlock(&plan.lock);
}

uint32_t system_works(void)
{
    pthread_mutex_lock(&plan.lock);
    uint32_t failed = plan.failed;
    plan.times = plan.failed = plan.takes = plan.looks = 0;
    plan.steps_back = false;
    pthread_mutex_unlock(&plan.lock);
    return failed;
}

static bool has_failed(void *times)
{
    pthread_mutex_lock(&plan.lock);
    bool enough = plan.failed >= *(uint32_t *)times;
    pthread_mutex_unlock(&plan.lock);
    return enough;
}

bool system_failed(uint32_t times)
{
    return eventually(has_failed, &times);
}

void system_steps_back(void)
{
    pthread_mutex_lock(&plan.lock);
    plan.steps_back = true;
    plan.looks = 0;
    pthread_mutex_unlock(&plan.lock);
}

uint32_t system_looks(void)
{
    pthread_mutex_lock(&plan.lock);
    uint32_t looks = plan.looks;
    pthread_mutex_unlock(&plan.lock);
    return looks;
}

/* The errno that this call is to fail with, or 0. */
static int planned(enum system_call call)
{
    int error = 0;
    pthread_mutex_lock(&plan.lock);
    if (call == plan.call && plan.times != 0) {
        if (plan.after != 0) {
            plan.after--;
        } else {
            plan.times -= plan.times != SYSTEM_ALWAYS;
            plan.failed++;
            error = plan.error;
        }
    }
    pthread_mutex_unlock(&plan.lock);
    return error;
}

static bool fails(enum system_call call)
{
    int error = planned(call);
    if (error != 0) {
        errno = error;
    }
    return error != 0;
}

static uint32_t taken(uint32_t messages)
{
    pthread_mutex_lock(&plan.lock);
    uint32_t most = plan.takes != 0 && plan.takes < messages ? plan.takes : messages;
    pthread_mutex_unlock(&plan.lock);
    return most;
}

/* ---- the calls ---- */

#define WRAP(type, name, call, failure, parameters, arguments) \
    type __real_##name parameters; \
    type __wrap_##name parameters; \
    type __wrap_##name parameters \
    { \
        return fails(call) ? (failure) : __real_##name arguments; \
    }

WRAP(int, recvmmsg, SYSTEM_RECVMMSG, -1,
     (int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout),
     (fd, messages, n, flags, timeout))
WRAP(int, sendmmsg, SYSTEM_SENDMMSG, -1, (int fd, struct mmsghdr *messages, unsigned n, int flags),
     (fd, messages, taken(n), flags))
WRAP(int, ppoll, SYSTEM_PPOLL, -1,
     (struct pollfd * fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask), (fds, n, timeout, mask))
WRAP(ssize_t, read, SYSTEM_READ, -1, (int fd, void *bytes, size_t n), (fd, bytes, n))
WRAP(int, socket, SYSTEM_SOCKET, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(int, eventfd, SYSTEM_EVENTFD, -1, (unsigned value, int flags), (value, flags))
WRAP(int, setsockopt, SYSTEM_SETSOCKOPT, -1, (int fd, int level, int name, const void *value, socklen_t n),
     (fd, level, name, value, n))
WRAP(int, getsockopt, SYSTEM_GETSOCKOPT, -1, (int fd, int level, int name, void *value, socklen_t *n),
     (fd, level, name, value, n))
WRAP(int, bind, SYSTEM_BIND, -1, (int fd, const struct sockaddr *address, socklen_t n), (fd, address, n))
WRAP(int, connect, SYSTEM_CONNECT, -1, (int fd, const struct sockaddr *address, socklen_t n), (fd, address, n))
WRAP(int, getsockname, SYSTEM_GETSOCKNAME, -1, (int fd, struct sockaddr *address, socklen_t *n), (fd, address, n))
WRAP(void *, mmap, SYSTEM_MMAP, MAP_FAILED, (void *at, size_t n, int protection, int flags, int fd, off_t offset),
     (at, n, protection, flags, fd, offset))
WRAP(void *, calloc, SYSTEM_CALLOC, NULL, (size_t n, size_t bytes), (n, bytes))
WRAP(void *, aligned_alloc, SYSTEM_ALIGNED_ALLOC, NULL, (size_t alignment, size_t bytes), (alignment, bytes))

typedef void *thread_body(void *context);

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_body *body, void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_body *body, void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_body *body, void *context)
{
    int error = planned(SYSTEM_THREAD); /* which this one returns */
    return error != 0 ? error : __real_pthread_create(thread, attributes, body, context);
}

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = __real_clock_gettime(clock, now);
    if (clock == CLOCK_REALTIME) {
        pthread_mutex_lock(&plan.lock);
        plan.looks += plan.steps_back;
        now->tv_sec -= plan.steps_back ? (time_t)plan.looks * HOUR_S : 0;
        pthread_mutex_unlock(&plan.lock);
    }
    return result;
}

uint32_t open_files(void)
{
    uint32_t n = 0;
    DIR *directory = opendir("/proc/self/fd");
    require(directory != NULL);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        n += entry->d_name[0] != '.';
    }
    closedir(directory);
    return n - 1; /* the directory's own */
}

void in_a_child(int (*run)(void))
{
    int status;
    pid_t child = fork();
    require(child >= 0);
    if (child == 0) {
        _exit(run());
    }
    require(waitpid(child, &status, 0) == child);
    require(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
