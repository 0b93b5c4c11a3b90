#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# installed_headers.sh PREFIX CC...: every installed header compiles by itself, as C11 and as C++17, without a warning,
# by each of the compilers that there is. They are named as those of C++, which compile C as well. Run by ctest.
set -eu
prefix=$1
shift
failed=0

compiles() { # compiler, then its options
    echo "#include <frameferry/$header>" |
        "$@" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$prefix/include" - ||
        { echo "$header does not compile: $*" && failed=1; }
}

compilers=
for compiler; do
    ! command -v "$compiler" > /dev/null || compilers="$compilers $compiler"
done
[ -n "$compilers" ] || { echo "none of $* is installed" && exit 1; }

for path in "$prefix"/include/frameferry/*.h; do
    header=${path##*/}
    for compiler in $compilers; do
        compiles "$compiler" -x c -std=c11
        compiles "$compiler" -x c++ -std=c++17
    done
done
exit $failed
