/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_trip.c: how far apart two processors are just now, by a word that goes
 * from one to the other and back. Two threads of its own, whatever the caller's
 * is pinned to.
 */
#include "../support.h"
#include "crossing.h"

#define TURNS 64 /* between two looks at the clock */
#define END UINT64_MAX

struct words {
    alignas(FERRY_PAIR) _Atomic uint64_t ping;
    alignas(FERRY_PAIR) _Atomic uint64_t pong;
    alignas(FERRY_PAIR) int64_t nanos; /* how long it may take */
    double each;                       /* what one turn took */
};

static void *answer(void *argument)
{
    struct words *words = argument;
    for (uint64_t seen = 0; seen != END;) {
        uint64_t now = load_acquire(&words->ping);
        if (now != seen) {
            store_release(&words->pong, now);
            seen = now;
        }
    }
    return NULL;
}

static void turn(struct words *words, uint64_t number)
{
    store_release(&words->ping, number);
    while (load_acquire(&words->pong) != number) {
        continue; /* without a pause, which would be a part of the figure */
    }
}

static void *ask(void *argument)
{
    struct words *words = argument;
    uint64_t number = 1;
    turn(words, number); /* the other one is there */
    int64_t begin = now_ns(), end;
    do {
        for (uint32_t i = 0; i < TURNS; i++) {
            turn(words, ++number);
        }
        end = now_ns();
    } while (end - begin < words->nanos);
    words->each = (double)(end - begin) / (double)(number - 1);
    turn(words, END);
    return NULL;
}

int crossing_start_thread(pthread_t *thread, int32_t cpu, void *(*run)(void *), void *argument)
{
    cpu_set_t one;
    pthread_attr_t attributes;
    CPU_ZERO(&one);
    CPU_SET((unsigned)cpu, &one);
    pthread_attr_init(&attributes);
    pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
    int failed = pthread_create(thread, &attributes, run, argument);
    pthread_attr_destroy(&attributes);
    return failed;
}

double crossing_round_trip(int32_t first, int32_t second, int32_t millis)
{
    struct words words = {.nanos = millis * INT64_C(1000000)};
    pthread_t asker, answerer;
    if (first == second || crossing_start_thread(&answerer, second, answer, &words) != 0) {
        return -1;
    }
    if (crossing_start_thread(&asker, first, ask, &words) != 0) {
        store_release(&words.ping, END);
        pthread_join(answerer, NULL);
        return -1;
    }
    pthread_join(asker, NULL);
    pthread_join(answerer, NULL);
    return words.each;
}
