/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.c: names and texts of errors, and versions. Any thread.
 */
#include <string.h>

#include "frameferry/layout.h"

#define SYSTEM_TEXT_BYTES 128

static int system_errno(int32_t error)
{
    return error <= FERRY_ESYSTEM ? FERRY_ESYSTEM - error : 0;
}

const char *ferry_strerror(int32_t error)
{
    static _Thread_local char text[SYSTEM_TEXT_BYTES];
    if (system_errno(error) != 0) {
        return strerror_r(system_errno(error), text, sizeof text); /* the GNU one: text, or a constant */
    }
    switch (error) {
#define FERRY_ERROR_TEXT(name, number, text) \
    case number: \
        return text;
        FERRY_ERROR_TABLE(FERRY_ERROR_TEXT)
    default:
        return "unknown error";
    }
}

const char *ferry_error_name(int32_t error)
{
    if (system_errno(error) != 0) {
        const char *name = strerrorname_np(system_errno(error));
        return name != NULL ? name : "ESYSTEM";
    }
    switch (error) {
#define FERRY_ERROR_NAME(name, number, text) \
    case number: \
        return #name;
        FERRY_ERROR_TABLE(FERRY_ERROR_NAME)
    default:
        return "FERRY_EUNKNOWN";
    }
}

_Static_assert(FERRY_VERSION == FERRY_PROJECT_VERSION, "frameferry.h and CMakeLists.txt are of one version");

uint32_t ferry_version(void)
{
    return FERRY_VERSION;
}

uint32_t ferry_layout_version(void)
{
    return FERRY_LAYOUT_VERSION;
}
