/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomics.h: every atomic operation of the library, named by its order. Any
 * thread.
 *
 * relaxed   no order: single-writer counters and hints.
 * acquire   this load and all after it see what was written before the release
 *           it read from.
 * release   all before this store is visible to whoever acquires it.
 * fence     a store before it and a load after it are not exchanged (x86-64
 *           does exchange them): both sides of a sleep-and-signal need one.
 */
#ifndef FERRY_ATOMICS_H
#define FERRY_ATOMICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define load_relaxed(p) atomic_load_explicit((p), memory_order_relaxed)
#define load_acquire(p) atomic_load_explicit((p), memory_order_acquire)
#define store_relaxed(p, v) atomic_store_explicit((p), (v), memory_order_relaxed)
#define store_release(p, v) atomic_store_explicit((p), (v), memory_order_release)

#if defined(__SANITIZE_THREAD__)
#define FERRY_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FERRY_TSAN 1
#endif
#endif

#ifdef FERRY_TSAN
/* ThreadSanitizer does not model fences. A sequentially consistent read-modify-write of one common word orders the
 * same store before the same load, by a rule that it does model. */
__attribute__((weak)) _Atomic uint32_t ferry_fence_word;
#define fence() ((void)atomic_fetch_add_explicit(&ferry_fence_word, 1, memory_order_seq_cst))
#else
#define fence() atomic_thread_fence(memory_order_seq_cst)
#endif

/* Tells the core that this is a spin loop. */
static inline void pause_spin(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ __volatile__("pause");
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/* Asks for the line at p in a state that can be written. On baseline x86-64 __builtin_prefetch(p, 1) is an ordinary
 * read prefetch, which brings the line shared and pays again at the first store. */
static inline void prefetch_write(const void *p)
{
#if defined(__x86_64__)
    __asm__ __volatile__("prefetchw %0" : : "m"(*(const char *)p));
#else
    __builtin_prefetch(p, 1, 3);
#endif
}

/* Adds to a counter that only the calling thread writes. */
static inline void count(_Atomic uint64_t *counter, uint64_t n)
{
    store_relaxed(counter, load_relaxed(counter) + n);
}

#endif
