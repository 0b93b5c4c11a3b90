/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit.h: cmocka, with the headers that it wants before it, and the helpers of
 * support_pool.h. For test_*.c, in the test's own thread.
 */
#ifndef FERRY_UNIT_H
#define FERRY_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support_pool.h"

#endif
