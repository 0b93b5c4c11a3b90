/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_error.c: every error has a number, a name and a text of its own, those
 * of the operating system too, and no number at all is answered with null.
 * Guards what Java's exceptions show.
 */
#include <errno.h>
#include <string.h>

#include "unit.h"

static void the_library_s_errors_have_fixed_numbers_and_names(void **state)
{
    (void)state;
    const struct {
        int32_t number;
        const char *name;
    } expected[] = {
        {0, "FERRY_OK"},        {-1, "FERRY_ECLOSED"}, {-2, "FERRY_EINVAL"}, {-3, "FERRY_ENOMEM"}, {-4, "FERRY_ECORRUPT"},
        {-5, "FERRY_EEND"},     {-6, "FERRY_EFULL"},   {-7, "FERRY_EDEVICE"}, {-8, "FERRY_EABI"},
        {-9, "FERRY_ECAPTURE"}, {-10, "FERRY_ETRUNCATED"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_string_equal(ferry_error_name(expected[i].number), expected[i].name);
    }
}

static void every_error_has_a_text_of_its_own(void **state)
{
    (void)state;
#define NUMBER(name, number, text) number,
    const int32_t numbers[] = {FERRY_ERROR_TABLE(NUMBER)};
    const size_t n = sizeof numbers / sizeof numbers[0];
    for (size_t i = 0; i < n; i++) {
        assert_true(strlen(ferry_strerror(numbers[i])) > 0);
        assert_string_not_equal(ferry_strerror(numbers[i]), "unknown error");
        for (size_t k = 0; k < i; k++) {
            assert_true(numbers[i] != numbers[k]);
            assert_string_not_equal(ferry_strerror(numbers[i]), ferry_strerror(numbers[k]));
            assert_string_not_equal(ferry_error_name(numbers[i]), ferry_error_name(numbers[k]));
        }
    }
}

static void system_errors_carry_the_system_s_name_and_text(void **state)
{
    (void)state;
    assert_string_equal(ferry_error_name(-1098), "EADDRINUSE");
    assert_string_equal(ferry_error_name(FERRY_ESYSTEM - EACCES), "EACCES");
    assert_string_equal(ferry_error_name(FERRY_ESYSTEM - EPERM), "EPERM");
    assert_string_equal(ferry_strerror(FERRY_ESYSTEM - EADDRINUSE), strerror(EADDRINUSE));
    for (int32_t number = 1; number < 134; number++) {
        assert_true(strlen(ferry_strerror(FERRY_ESYSTEM - number)) > 0);
        assert_true(strlen(ferry_error_name(FERRY_ESYSTEM - number)) > 0);
    }
}

static void unknown_numbers_are_answered_too(void **state)
{
    (void)state;
    assert_string_equal(ferry_error_name(1), "FERRY_EUNKNOWN");
    assert_string_equal(ferry_error_name(-11), "FERRY_EUNKNOWN");
    assert_string_equal(ferry_error_name(-999), "FERRY_EUNKNOWN");
    assert_string_equal(ferry_strerror(-999), "unknown error");
    const int32_t odd[] = {INT32_MAX, INT32_MIN, FERRY_ESYSTEM, FERRY_ESYSTEM - 4095};
    for (size_t i = 0; i < 4; i++) {
        assert_true(strlen(ferry_strerror(odd[i])) > 0);
        assert_true(strlen(ferry_error_name(odd[i])) > 0);
    }
}

static void the_versions_are_the_header_s(void **state)
{
    (void)state;
    assert_int_equal(ferry_layout_version(), FERRY_LAYOUT_VERSION);
    assert_int_equal(ferry_version(), FERRY_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_s_errors_have_fixed_numbers_and_names),
        cmocka_unit_test(every_error_has_a_text_of_its_own),
        cmocka_unit_test(system_errors_carry_the_system_s_name_and_text),
        cmocka_unit_test(unknown_numbers_are_answered_too),
        cmocka_unit_test(the_versions_are_the_header_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
