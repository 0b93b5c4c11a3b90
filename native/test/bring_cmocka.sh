#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bring_cmocka.sh ARCHITECTURE FOLDER: unpacks cmocka for another processor there, for the tests that run in an emulator,
# unless it is there already. Debian's own packages, by apt, with lists of its own: installing them would make the whole
# system one of two architectures.
set -eu
architecture=$1 folder=$2
[ ! -e "$folder/usr/include/cmocka.h" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$folder"
cat > "$work/apt.conf" << EOF
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "root";
Dir::State "$work";
Dir::State::status "/dev/null";
Dir::Cache "$work";
EOF
export APT_CONFIG="$work/apt.conf"
apt-get -q -q update
(cd "$work" && apt-get -q -q download libcmocka0 libcmocka-dev)
for package in "$work"/libcmocka0_*.deb "$work"/libcmocka-dev_*.deb; do # the header last: it tells that all is there
    dpkg-deb --extract "$package" "$folder"
done
