#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Generates jextract/generated from nic.h, which includes frameferry.h, and symbols.txt, and records the
# checksums that check.sh compares. Usage: JEXTRACT=/path/to/jextract jextract/regenerate.sh
# Which jextract: see README.md beside this file.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."
include=native/include/frameferry
header=$include/nic.h
symbols=jextract/symbols.txt
: "${JEXTRACT:?set JEXTRACT to the jextract to run; jextract/README.md says which}"

work=$(mktemp -d jextract/.regenerate.XXXXXX)
trap 'rm -rf "$work"' EXIT

# The header is named by its relative path, so that nothing of this machine can come out.
"$JEXTRACT" --target-package org.frameferry.bindings --header-class-name FerryBindings \
    --output "$work/generated" "@$symbols" "$header"
package=$work/generated/org/frameferry/bindings

# jextract passes over a misspelt --include-* without a word.
status=0
while read -r option name; do
    case $option in
        --include-struct) [ -f "$package/$name.java" ] && continue ;;
        --include-function | --include-constant) grep -q "public static .* $name(" "$package"/*.java && continue ;;
        '' | '#'*) continue ;;
    esac
    echo "$symbols: $option $name did not come out: it is in none of the headers"
    status=1
done < "$symbols"

# The other way round: what the headers have and the list has not. Structs without a body are opaque handles.
"$JEXTRACT" --dump-includes "$work/all.txt" "$header" 2> "$work/warnings"
grep '^--include.*/\(frameferry\|nic\)\.h$' "$work/all.txt" | while read -r option name _; do
    [ "$option" = --include-struct ] && ! grep -q "^struct $name {" $include/frameferry.h "$header" && continue
    grep -qx -e "$option $name" "$symbols" || echo "$symbols lacks: $option $name"
done > "$work/lacks"
if [ -s "$work/lacks" ]; then
    cat "$work/lacks"
    status=1
fi
if grep -rnF -e "$PWD" -e "${HOME:-$PWD}/" "$work/generated"; then
    echo "a path of this machine came out"
    status=1
fi
[ "$status" = 0 ] || exit "$status"

rm -rf jextract/generated
mv "$work/generated" jextract/generated
find jextract/generated -type f | sort | xargs -d '\n' sha256sum $include/frameferry.h "$header" "$symbols" > jextract/generated.sha256
echo "generated $(find jextract/generated -type f | wc -l) files"
