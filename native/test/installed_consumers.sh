#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# installed_consumers.sh CMAKE CC CXX PREFIX EXAMPLES: in an empty folder, programs are built that know nothing but
# where the library is installed: the examples and the device, copied, by CMake; one of them by pkg-config, in both
# forms; a program in C++. Each is run. Run by ctest.
set -eu
cmake=$1 cc=$2 cxx=$3 prefix=$4 examples=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$examples" "$work/examples"
cd "$work"

for project in examples examples/device; do
    "$cmake" -S $project -B by_cmake/$project -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" > log 2>&1 &&
        "$cmake" --build by_cmake/$project >> log 2>&1 || { cat log && exit 1; }
done
by_cmake/examples/pool
by_cmake/examples/datagrams
by_cmake/examples/pool_static
by_cmake/examples/device/test_metronome by_cmake/examples/device/libmetronome.so

pkg=$(find "$prefix" -name frameferry.pc)
libraries=$(dirname "$pkg")/..
export PKG_CONFIG_PATH="${pkg%/*}"
# shellcheck disable=SC2046 # what pkg-config prints are words of a command
"$cc" examples/pool.c -o by_pkg_config $(pkg-config --cflags --libs frameferry)
LD_LIBRARY_PATH=$libraries ./by_pkg_config
# shellcheck disable=SC2046
"$cc" -static examples/pool.c -o by_pkg_config_static $(pkg-config --static --cflags --libs frameferry)
./by_pkg_config_static

# One file with all of the headers, linked: what C++ calls has C's names.
{
    for header in "$prefix"/include/frameferry/*.h; do echo "#include <frameferry/${header##*/}>"; done
    echo 'int main() { return ferry_layout_version() == FERRY_LAYOUT_VERSION ? 0 : 1; }'
} > program.cpp
# shellcheck disable=SC2046
"$cxx" -std=c++17 program.cpp -o in_c++ $(pkg-config --cflags --libs frameferry)
LD_LIBRARY_PATH=$libraries ./in_c++
