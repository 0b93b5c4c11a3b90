/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_frame.c: descriptors and the arithmetic on them: every field at its
 * extremes, every bound of push, pull, put and trim just in and just out, what
 * counts as a valid descriptor, and that a header can come and go without a
 * trace. Guards the bits that Java mirrors and the check in front of every
 * descriptor that another party wrote.
 */
#include "unit.h"

#define STRIDE 2112u /* 33 lines */

static void fields_lie_where_the_layout_says(void **state)
{
    (void)state;
    assert_true(ferry_frame_descriptor(0xFFFFF, 0, 0) == UINT64_C(0x00000000000FFFFF));
    assert_true(ferry_frame_descriptor(0, 0x1FFFFF, 0) == UINT64_C(0x000001FFFFF00000));
    assert_true(ferry_frame_descriptor(0, 0, 0x1FFFFF) == UINT64_C(0x3FFFFE0000000000));
    assert_true(ferry_frame_descriptor(1, 1, 1) == (1 | UINT64_C(1) << 20 | UINT64_C(1) << 41));
    assert_true(FERRY_META_BYTES == 64);
}

static void every_extreme_of_a_field_comes_back(void **state)
{
    (void)state;
    const uint32_t index[] = {0, 1, 0x7FFFF, 0xFFFFE, 0xFFFFF};
    const uint32_t wide[] = {0, 1, 63, 64, 0xFFFFF, 0x100000, 0x1FFFFE, 0x1FFFFF};
    for (uint32_t i = 0; i < 5; i++) {
        for (uint32_t o = 0; o < 8; o++) {
            for (uint32_t l = 0; l < 8; l++) {
                uint64_t descriptor = ferry_frame_descriptor(index[i], wide[o], wide[l]);
                for (uint64_t flags = 0; flags < 4; flags++) { /* must not leak into the fields */
                    uint64_t flagged = descriptor | flags << 62;
                    assert_int_equal(ferry_frame_index(flagged), index[i]);
                    assert_int_equal(ferry_frame_offset(flagged), wide[o]);
                    assert_int_equal(ferry_frame_length(flagged), wide[l]);
                }
            }
        }
    }
}

static void a_valid_descriptor_stays_inside_its_frame(void **state)
{
    (void)state;
    assert_true(ferry_frame_valid(ferry_frame_descriptor(0, 64, 0), 1, STRIDE));
    assert_true(ferry_frame_valid(ferry_frame_descriptor(0, 64, STRIDE - 64), 1, STRIDE));
    assert_true(ferry_frame_valid(ferry_frame_descriptor(0, STRIDE, 0), 1, STRIDE));
    assert_true(ferry_frame_valid(ferry_frame_descriptor(99, STRIDE - 1, 1), 100, STRIDE));
    assert_true(ferry_frame_valid(ferry_frame_descriptor(0xFFFFF, 64, 1), 0x100000, STRIDE));

    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, 63, 0), 1, STRIDE)); /* in the metadata line */
    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, 0, 0), 1, STRIDE));
    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, 64, STRIDE - 63), 1, STRIDE));
    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, STRIDE, 1), 1, STRIDE));
    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, STRIDE + 1, 0), 1, STRIDE));
    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, 0x1FFFFF, 0x1FFFFF), 1, STRIDE)); /* beyond 21 bits */
    assert_false(ferry_frame_valid(ferry_frame_descriptor(1, 64, 0), 1, STRIDE));
    assert_false(ferry_frame_valid(ferry_frame_descriptor(100, 64, 0), 100, STRIDE));
    assert_false(ferry_frame_valid(UINT64_MAX, 0x100000, STRIDE));
    assert_false(ferry_frame_valid(0, 1, STRIDE));
    assert_true(ferry_frame_valid(ferry_frame_descriptor(0, 64, 0) | FERRY_ADDRESSED, 1, STRIDE));
    assert_false(ferry_frame_valid(ferry_frame_descriptor(0, 64, 0) | UINT64_C(1) << 63, 1, STRIDE));
}

/* The descriptor is left alone by an operation that says no. */
static void refused(bool done, uint64_t descriptor, uint64_t before)
{
    assert_false(done);
    assert_true(descriptor == before);
}

static void push_takes_the_headroom_and_no_more(void **state)
{
    (void)state;
    const uint64_t before = ferry_frame_descriptor(0xFFFFF, 64 + 128, 100);
    uint64_t descriptor = before;
    assert_int_equal(ferry_frame_headroom(descriptor), 128);
    assert_true(ferry_frame_push(&descriptor, 0) && descriptor == before);
    refused(ferry_frame_push(&descriptor, 129), descriptor, before);
    refused(ferry_frame_push(&descriptor, UINT32_MAX), descriptor, before);
    assert_true(ferry_frame_push(&descriptor, 128));
    assert_true(descriptor == ferry_frame_descriptor(0xFFFFF, 64, 228));
    refused(ferry_frame_push(&descriptor, 1), descriptor, ferry_frame_descriptor(0xFFFFF, 64, 228));
}

static void pull_takes_the_data_and_no_more(void **state)
{
    (void)state;
    const uint64_t before = ferry_frame_descriptor(7, 64, 100);
    uint64_t descriptor = before;
    assert_true(ferry_frame_pull(&descriptor, 0) && descriptor == before);
    refused(ferry_frame_pull(&descriptor, 101), descriptor, before);
    refused(ferry_frame_pull(&descriptor, UINT32_MAX), descriptor, before);
    assert_true(ferry_frame_pull(&descriptor, 100));
    assert_true(descriptor == ferry_frame_descriptor(7, 164, 0));
    refused(ferry_frame_pull(&descriptor, 1), descriptor, ferry_frame_descriptor(7, 164, 0));
}

static void put_takes_the_tailroom_and_no_more(void **state)
{
    (void)state;
    const uint64_t before = ferry_frame_descriptor(0, 192, 0);
    uint64_t descriptor = before;
    assert_int_equal(ferry_frame_tailroom(descriptor, STRIDE), STRIDE - 192);
    assert_true(ferry_frame_put(&descriptor, 0, STRIDE) && descriptor == before);
    refused(ferry_frame_put(&descriptor, STRIDE - 191, STRIDE), descriptor, before);
    refused(ferry_frame_put(&descriptor, UINT32_MAX, STRIDE), descriptor, before);
    assert_true(ferry_frame_put(&descriptor, STRIDE - 192, STRIDE));
    assert_true(descriptor == ferry_frame_descriptor(0, 192, STRIDE - 192));
    refused(ferry_frame_put(&descriptor, 1, STRIDE), descriptor, ferry_frame_descriptor(0, 192, STRIDE - 192));
}

static void trim_shortens_and_never_lengthens(void **state)
{
    (void)state;
    const uint64_t before = ferry_frame_descriptor(3, 100, 500);
    uint64_t descriptor = before;
    assert_true(ferry_frame_trim(&descriptor, 500) && descriptor == before);
    refused(ferry_frame_trim(&descriptor, 501), descriptor, before);
    refused(ferry_frame_trim(&descriptor, UINT32_MAX), descriptor, before);
    assert_true(ferry_frame_trim(&descriptor, 499) && descriptor == ferry_frame_descriptor(3, 100, 499));
    assert_true(ferry_frame_trim(&descriptor, 0) && descriptor == ferry_frame_descriptor(3, 100, 0));
    assert_true(ferry_frame_trim(&descriptor, 0));
    refused(ferry_frame_trim(&descriptor, 1), descriptor, ferry_frame_descriptor(3, 100, 0));
}

static void operations_keep_index_and_flags(void **state)
{
    (void)state;
    const uint64_t flags = UINT64_C(3) << 62;
    uint64_t descriptor = ferry_frame_descriptor(0xABCDE, 192, 0) | flags;
    assert_true(ferry_frame_put(&descriptor, 1000, STRIDE) && ferry_frame_push(&descriptor, 42));
    assert_true(ferry_frame_pull(&descriptor, 14) && ferry_frame_trim(&descriptor, 20));
    assert_true(descriptor == (ferry_frame_descriptor(0xABCDE, 164, 20) | flags));
}

static void data_and_metadata_lie_where_the_geometry_says(void **state)
{
    (void)state;
    ferry_pool *pool = pool_of(3, 8, 0);
    struct ferry_geometry g;
    assert_int_equal(ferry_pool_geometry(pool, &g), FERRY_OK);
    uint64_t descriptor = ferry_frame_descriptor(2, 100, 5);
    assert_ptr_equal(ferry_frame_data(&g, descriptor), pool->data + 2 * g.stride + 100);
    assert_ptr_equal(ferry_frame_meta(&g, descriptor), pool->data + 2 * g.stride);
    close_sound(pool);
}

static void a_header_comes_and_goes_without_a_trace(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= 128; n++) {
        const uint64_t before = ferry_frame_descriptor(5, 192, 64);
        uint64_t descriptor = before;
        assert_true(ferry_frame_push(&descriptor, n) && ferry_frame_pull(&descriptor, n));
        assert_true(ferry_frame_put(&descriptor, n, STRIDE) && ferry_frame_trim(&descriptor, 64));
        assert_true(descriptor == before);
    }
}

static void the_largest_frame_fits_its_fields(void **state)
{
    (void)state;
    /* Metadata, the largest headroom, the largest data, one line more to make the stride odd. */
    const uint32_t stride = 64 + 65536 + 1048576 + 64;
    uint64_t descriptor = ferry_frame_descriptor(0xFFFFF, 64 + 65536, 0);
    assert_true(ferry_frame_put(&descriptor, 1048576, stride) && ferry_frame_push(&descriptor, 65536));
    assert_int_equal(ferry_frame_offset(descriptor), 64);
    assert_int_equal(ferry_frame_length(descriptor), 65536 + 1048576);
    assert_true(ferry_frame_valid(descriptor, 0x100000, stride));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_lie_where_the_layout_says),
        cmocka_unit_test(every_extreme_of_a_field_comes_back),
        cmocka_unit_test(a_valid_descriptor_stays_inside_its_frame),
        cmocka_unit_test(push_takes_the_headroom_and_no_more),
        cmocka_unit_test(pull_takes_the_data_and_no_more),
        cmocka_unit_test(put_takes_the_tailroom_and_no_more),
        cmocka_unit_test(trim_shortens_and_never_lengthens),
        cmocka_unit_test(operations_keep_index_and_flags),
        cmocka_unit_test(data_and_metadata_lie_where_the_geometry_says),
        cmocka_unit_test(a_header_comes_and_goes_without_a_trace),
        cmocka_unit_test(the_largest_frame_fits_its_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
