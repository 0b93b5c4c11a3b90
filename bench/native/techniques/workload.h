/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workload.h: what techniques.c measures: one workload, and the thread, or two,
 * that it runs in.
 */
#ifndef FERRY_TECHNIQUES_WORKLOAD_H
#define FERRY_TECHNIQUES_WORKLOAD_H

#include "../support.h"
#include "frameferry/frameferry.h"
#include "ring.h"

#define RING 1024      /* slots of every ring, and the list's limit, as in the chapter */
#define LARGE_RING 8192
#define BUFFERS 2048   /* of 2048 bytes, as in the chapter */
#define BURST 64
#define BATCH 32
#define ROUNDS_MAX 60

struct workload;

/* One thread of a workload. */
struct side {
    const struct workload *workload;
    uint64_t operations;
    uint64_t sum; /* of all that went through: both sides' must be equal */
    ferry_magazine *magazine;
    int64_t start, end;
    uint64_t start_cycles, end_cycles;
};

/* One operation takes one item, or packet, all its way. */
struct workload {
    const char *name;
    uint32_t bytes;                         /* of payload; 0: none is touched */
    void (*produce)(struct side *producer); /* null: one thread does both, in consume */
    void (*consume)(struct side *consumer);
    uint64_t operations; /* in a sample, a multiple of BURST */
    uint32_t pauses;     /* between two looks at an empty or full queue */
    double ns[ROUNDS_MAX], cycles[ROUNDS_MAX];
};

extern struct workload ring_workloads[], batch_workloads[], header_workloads[]; /* each ends with a null name */

/* Makes what the workloads work on. */
void open_rings(void);
void open_batches(void);
void open_headers(void);

/* batch.c: the thread's magazine of the pool. */
void open_magazine(struct side *side);
void close_magazine(struct side *side);

/* Nothing was there, or no room. */
static inline void rest(const struct side *side)
{
    for (uint32_t i = 0; i < side->workload->pauses; i++) {
        pause_spin();
    }
}

#endif
