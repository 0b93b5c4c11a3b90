/* SPDX-License-Identifier: Apache-2.0 */
/*
 * barrier.c: a memory barrier for all threads of the process at once. Any
 * thread.
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atomics.h"
#include "frameferry/frameferry.h"

static int32_t membarrier(int command)
{
    return syscall(SYS_membarrier, command, 0, 0) == 0 ? FERRY_OK : FERRY_ESYSTEM - errno;
}

int32_t ferry_barrier(void)
{
    /* ThreadSanitizer knows nothing of membarrier: this is the caller's own half in terms that it models. */
    fence();
    int32_t error = membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    if (error == FERRY_ESYSTEM - EPERM) { /* the process has not registered yet */
        error = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
        error = error == FERRY_OK ? membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) : error;
    }
    return error;
}
