/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_slab.c: what the kernel says of the slab: memory of this process alone,
 * of no file that another one could open, and nothing in it is ever executed.
 * Guards that nobody else on the machine reads or writes frames.
 */
#include <inttypes.h>
#include <stdio.h>

#include "unit.h"

/* Looks at the mappings from `start` on, `bytes` long, which must lie side by side. */
static void assert_private(uint64_t start, uint64_t bytes)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    uint64_t covered = start;
    char line[512];
    assert_non_null(maps);
    while (covered < start + bytes && fgets(line, sizeof line, maps) != NULL) {
        uint64_t from, to, inode;
        char rights[5], file[256] = "";
        assert_true(sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %" SCNu64 " %255s", &from, &to, rights, &inode,
                           file) >= 4);
        if (to > covered) {
            assert_true(from <= covered);
            assert_string_equal(rights, "rw-p");
            assert_int_equal(inode, 0);
            assert_string_equal(file, "");
            covered = to;
        }
    }
    fclose(maps);
    assert_true(covered >= start + bytes);
}

static void the_slab_is_private_memory_of_no_file(void **state)
{
    (void)state;
    for (uint32_t huge_pages = 0; huge_pages <= 1; huge_pages++) {
        const struct ferry_pool_config config = {
            .frames = 1000, .frame_size = 2048, .ring_capacity = 8, .bridges = 1, .huge_pages = huge_pages};
        struct ferry_geometry g;
        ferry_pool *pool;
        assert_int_equal(ferry_pool_open(&config, &pool), FERRY_OK);
        assert_int_equal(ferry_pool_geometry(pool, &g), FERRY_OK);
        assert_private(g.control, g.control_bytes + g.data_bytes);
        assert_sound(pool, 0);
        assert_int_equal(ferry_pool_close(pool), FERRY_OK);
        assert_private(g.control, g.control_bytes + g.data_bytes); /* the zero pages in its place */
        ferry_pool_free(pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slab_is_private_memory_of_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
