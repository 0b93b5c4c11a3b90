/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_capture.c: any bytes as a capture file: packets within the documented limits, or an error and nothing. */
#include "fuzz.h"
#include "support_capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct capture capture;
    int32_t result = read_bytes(bytes, n, &capture);
    capture_sound(result, &capture);
    capture_free(&capture);
    return 0;
}
