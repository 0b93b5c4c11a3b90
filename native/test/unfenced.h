/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unfenced.h: the library without its fences. Forced into every source of a
 * second build of the library and of the litmus tests, which must then lose
 * wake-ups; nothing else uses that build.
 */
#ifndef FERRY_UNFENCED_H
#define FERRY_UNFENCED_H

#include "atomics.h"

#define LITMUS_UNFENCED 1

/* The compiler keeps the order; the processor need not. */
#undef fence
#define fence() atomic_signal_fence(memory_order_seq_cst)

#endif
