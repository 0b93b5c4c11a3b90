#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# installed.sh CMAKE BUILD PREFIX NM MAP SOURCE: installs into PREFIX, from which the other tests `installed_*` work,
# and looks at what came: the links of a versioned library, a static one that shows what the map lists and nothing else,
# and no path of the tree that it was built in, so that it may be moved. Run by ctest.
set -eu
cmake=$1 build=$2 prefix=$3 nm=$4 map=$5 source=$6
failed=0
wrong() {
    echo "$prefix: $*" && failed=1
}
the() { # the one file of that name: where libraries lie depends on the system
    find "$prefix" -name "$1"
}

rm -rf "$prefix"
"$cmake" --install "$build" --prefix "$prefix" > /dev/null

library=$(the 'libframeferry.so.*.*.*')
[ -f "$library" ] || wrong "no libframeferry.so.MAJOR.MINOR.PATCH: $library"
for link in libframeferry.so 'libframeferry.so.?'; do
    [ "$(readlink -f "$(the "$link")")" = "$(readlink -f "$library")" ] || wrong "$link does not lead to $library"
done

sed -n 's/^ *\(ferry_[a-z0-9_]*\);$/\1/p' "$map" | sort > "$build/listed"
"$nm" -g --defined-only "$(the libframeferry.a)" | awk 'NF == 3 { print $3 }' | sort > "$build/shown"
diff "$build/listed" "$build/shown" || wrong "libframeferry.a does not show what the map lists: <, but: >"

! grep -rIF -e "$source" -e "$prefix" "$prefix" || wrong "these files name the folder that they were built in"
exit $failed
