/* SPDX-License-Identifier: Apache-2.0 */
/*
 * techniques.c: the chapter's techniques one by one, each beside its baseline:
 * handing over (techniques/ring.c), batches (batch.c), headers (headers.c).
 * Prints one JSON array: workload, threads, bytes, operations, nsPerOp and
 * cyclesPerOp, a sample a round.
 *
 *   techniques [--quick]                     measures
 *   techniques --only NAME --operations N    runs one workload of one thread N
 *       times and prints nothing: for counting, under valgrind. NAME:BYTES where
 *       a workload has several sizes.
 *
 * A round runs every workload once, so that what disturbs the machine hits all
 * of them. How long to wait between two looks at an empty or full queue suits
 * them differently, and each has what suits it: see techniques/ring.c. Two threads are
 * tied to two processors; time is from the first one's start to the last one's
 * end. Cycles are the processor's clock, which goes on at a constant rate. What
 * went in must have come out, or the program fails.
 */
#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "techniques/workload.h"

#define QUICK_ROUNDS 15
#define SAMPLE_NS INT64_C(20000000)

static pthread_barrier_t ready;

static struct workload *const groups[] = {ring_workloads, batch_workloads, header_workloads};
#define GROUPS (sizeof groups / sizeof groups[0])

/* ---- one sample ---------------------------------------------------------------- */

static void run_side(struct side *side, void (*work)(struct side *), bool together)
{
    open_magazine(side);
    if (together) {
        pthread_barrier_wait(&ready);
    }
    side->start = now_ns();
    side->start_cycles = now_cycles();
    work(side);
    side->end_cycles = now_cycles();
    side->end = now_ns();
    close_magazine(side);
}

static void *produce(void *context)
{
    struct side *side = context;
    pin_thread(0);
    run_side(side, side->workload->produce, true);
    return NULL;
}

static void *consume(void *context)
{
    struct side *side = context;
    bool together = side->workload->produce != NULL;
    pin_thread(1);
    run_side(side, side->workload->consume, together);
    return NULL;
}

struct sample {
    int64_t ns;
    uint64_t cycles;
};

static struct sample run(const struct workload *workload)
{
    struct side sides[2] = {{.workload = workload, .operations = workload->operations},
                            {.workload = workload, .operations = workload->operations}};
    const struct side *p = &sides[0], *c = &sides[1];
    pthread_t threads[2];
    bool two = workload->produce != NULL;
    pthread_barrier_init(&ready, NULL, 2);
    check(!two || pthread_create(&threads[0], NULL, produce, &sides[0]) == 0, "no thread");
    check(pthread_create(&threads[1], NULL, consume, &sides[1]) == 0, "no thread");
    for (uint32_t i = two ? 0 : 1; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&ready);
    check(p->sum == c->sum, "what came out is not what went in"); /* alone, the sum is of what should be and is: 0 */
    if (!two) {
        return (struct sample){c->end - c->start, c->end_cycles - c->start_cycles};
    }
    return (struct sample){(p->end > c->end ? p->end : c->end) - (p->start < c->start ? p->start : c->start),
                           (p->end_cycles > c->end_cycles ? p->end_cycles : c->end_cycles) -
                               (p->start_cycles < c->start_cycles ? p->start_cycles : c->start_cycles)};
}

/* How long a sample of about SAMPLE_NS has to be, in whole bursts. */
static void size_sample(struct workload *workload)
{
    int64_t took = 0;
    for (workload->operations = 64 * BURST; took < SAMPLE_NS / 4; workload->operations *= 2) {
        took = run(workload).ns;
    }
    workload->operations /= 2;
    double more = (double)SAMPLE_NS / (double)took;
    workload->operations = (uint64_t)((double)workload->operations * (more < 1 ? 1 : more)) / BURST * BURST;
}

static void measure(struct workload *workload, uint32_t round)
{
    struct sample sample = run(workload);
    workload->ns[round] = (double)sample.ns / (double)workload->operations;
    workload->cycles[round] = (double)sample.cycles / (double)workload->operations;
}

/* ---- the program ------------------------------------------------------------------ */

static void print_samples(const char *name, const double *samples, uint32_t rounds)
{
    printf(", \"%s\": [", name);
    for (uint32_t i = 0; i < rounds; i++) {
        printf("%s%.3f", i == 0 ? "" : ", ", samples[i]);
    }
    printf("]");
}

static void print(uint32_t rounds)
{
    const char *comma = "[\n";
    for (uint32_t g = 0; g < GROUPS; g++) {
        for (const struct workload *w = groups[g]; w->name != NULL; w++, comma = ",\n") {
            printf("%s{\"workload\": \"%s\", \"threads\": %d, \"bytes\": %" PRIu32 ", \"operations\": %" PRIu64
                   ", \"pauses\": %" PRIu32,
                   comma, w->name, w->produce != NULL ? 2 : 1, w->bytes, w->operations, w->pauses);
            print_samples("nsPerOp", w->ns, rounds);
            print_samples("cyclesPerOp", w->cycles, rounds);
            printf("}");
        }
    }
    printf("\n]\n");
}

static int refuse(const char *message, const char *value)
{
    fprintf(stderr, "techniques: %s: %s\n", value, message);
    return 2;
}

/* The workload of that name, or NAME:BYTES. */
static struct workload *find(const char *name)
{
    char full[64];
    for (uint32_t g = 0; g < GROUPS; g++) {
        for (struct workload *w = groups[g]; w->name != NULL; w++) {
            snprintf(full, sizeof full, "%s:%" PRIu32, w->name, w->bytes);
            if (strcmp(name, full) == 0 || strcmp(name, w->name) == 0) {
                return w;
            }
        }
    }
    return NULL;
}

static int run_only(const char *name, const char *operations)
{
    char *end;
    struct workload *workload = find(name);
    uint64_t n = strtoull(operations, &end, 10);
    if (workload == NULL || workload->produce != NULL) {
        return refuse(workload == NULL ? "no such workload" : "has two threads; NAME.same has one", name);
    }
    if (*operations < '0' || *operations > '9' || *end != '\0' || n == 0 || n % BURST != 0) {
        return refuse("must be a multiple of 64, 64 or more", operations);
    }
    workload->operations = n;
    run(workload);
    return 0;
}

static int usage(FILE *out, int code)
{
    fputs("usage: techniques [--quick] | --only NAME[:BYTES] --operations N\n", out);
    return code;
}

int main(int count, char **arguments)
{
    bool quick = count == 2 && strcmp(arguments[1], "--quick") == 0;
    bool only = count == 5 && strcmp(arguments[1], "--only") == 0 && strcmp(arguments[3], "--operations") == 0;
    if (count == 2 && strcmp(arguments[1], "--help") == 0) {
        return usage(stdout, 0);
    }
    if (count > 1 && !quick && !only) {
        return usage(stderr, 2);
    }
    processors();
    open_rings();
    open_batches();
    open_headers();
    if (only) {
        return run_only(arguments[2], arguments[4]);
    }
    uint32_t rounds = quick ? QUICK_ROUNDS : ROUNDS_MAX;
    for (uint32_t round = 0; round <= rounds; round++) { /* one more, before the first, to size samples */
        for (uint32_t g = 0; g < GROUPS; g++) {
            for (struct workload *w = groups[g]; w->name != NULL; w++) {
                round == 0 ? size_sample(w) : measure(w, round - 1);
            }
        }
    }
    print(rounds);
    return 0;
}
