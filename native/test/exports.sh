#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# exports.sh NM LIBRARY MAP HEADERS: three lists must be the same, name by name: what the headers declare
# with FERRY_API, what the version script exports, and what the built library really shows. Run by ctest.
set -eu
nm=$1 library=$2 map=$3 headers=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed -n 's/^FERRY_API .*[ *]\(ferry_[a-z0-9_]*\)(.*/\1/p' "$headers"/*.h | sort > "$work/headers"
sed -n 's/^ *\(ferry_[a-z0-9_]*\);$/\1/p' "$map" | sort > "$work/map"
# The version node itself shows up as an absolute symbol (A).
"$nm" -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort > "$work/library"

[ -s "$work/headers" ] || { echo "no FERRY_API declaration found in $headers"; exit 1; }
status=0
for list in map library; do
    if ! diff "$work/headers" "$work/$list" > "$work/diff"; then
        echo "exports differ: < declared with FERRY_API, > in the $list"
        cat "$work/diff"
        status=1
    fi
done
exit $status
