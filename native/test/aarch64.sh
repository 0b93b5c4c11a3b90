#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# aarch64.sh, in the root: runs the native tests as aarch64, in an emulator. They need cmocka for that processor: Debian's
# own packages, brought by apt with lists of its own, because installing them would make the whole system one of two
# architectures. Where apt cannot, the tests are left out, and it says so.
set -eu
folder=target/aarch64

bring_cmocka() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$folder"
    cat > "$work/apt.conf" << EOF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Dir::State "$work";
Dir::State::status "/dev/null";
Dir::Cache "$work";
EOF
    export APT_CONFIG="$work/apt.conf"
    apt-get -q -q update && (cd "$work" && apt-get -q -q download libcmocka0 libcmocka-dev) || return 1
    for package in "$work"/libcmocka0_*.deb "$work"/libcmocka-dev_*.deb; do # the header last: it tells that all is there
        dpkg-deb --extract "$package" "$folder" || return 1
    done
}

if [ ! -e "$folder/usr/include/cmocka.h" ] && ! bring_cmocka; then
    echo "the tests as aarch64 are left out: apt could not bring cmocka for it"
    exit
fi
cmake --build --preset aarch64
ctest --preset aarch64
