#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# installed_manual.sh PREFIX: each function of the installed headers, inline ones too, has a man page that says in a
# line what the function is, declares it and describes it; no page is of anything else; groff has nothing to say of any.
# Run by ctest.
set -eu
prefix=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
man=$(find "$prefix" -type d -name man3)
failed=0

sed -n -e 's/^FERRY_API .*[ *]\(ferry_[a-z0-9_]*\)(.*/\1/p' -e 's/^static inline .*[ *]\(ferry_[a-z0-9_]*\)(.*/\1/p' \
    "$prefix"/include/frameferry/*.h | sort > "$work/functions"
[ -s "$work/functions" ] || { echo "no function found in $prefix/include/frameferry" && exit 1; }
(cd "$man" && ls) | sed -n 's/^\(ferry_.*\)\.3$/\1/p' | sort > "$work/pages"
diff "$work/functions" "$work/pages" || { echo "< function without a page, > page without a function" && failed=1; }

while read -r name; do
    awk -v name="$name" '
        /^\.SH/ { section = $2; next }
        section == "NAME" && index($0, name " \\- ") == 1 && length > length(name) + 4 { named = 1 }
        section == "SYNOPSIS" && index($0, name "(") { declared = 1 }
        section == "DESCRIPTION" && /[a-z]/ { described = 1 }
        END { exit !(named && declared && described) }' "$man/$name.3" ||
        { echo "$name(3) does not name, declare and describe it" && failed=1; }
done < "$work/pages"
[ -f "$man/frameferry.3" ] || { echo "no frameferry(3), to which the others refer" && failed=1; }
[ $failed = 0 ] || exit 1

command -v groff > /dev/null || { echo "groff, which would read the pages, is not installed" && exit 77; }
groff -man -Tutf8 -ww -z "$man"/*.3 2> "$work/warnings"
cat "$work/warnings"
[ ! -s "$work/warnings" ]
