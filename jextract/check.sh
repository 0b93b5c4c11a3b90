#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Fails, with one line, when jextract/generated is not what regenerate.sh made of the header and symbols.txt as
# they are now, or when a generated file was edited, added or removed. The build runs it before it compiles.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1
sums=jextract/generated.sha256

changed=$(sha256sum --check --quiet "$sums" 2> /dev/null)
status=$?
changed=$(echo "$changed" | sed 's/: FAILED.*//'
    find jextract/generated -type f | while read -r file; do grep -sqF "  $file" "$sums" || echo "$file"; done)
changed=$(echo "$changed" | grep -v '^$' | tr '\n' ' ')
[ "$status" = 0 ] && [ -z "$changed" ] && exit 0
echo "jextract/generated does not fit ${changed:-$sums }as it is now:" \
    "never edit it; run JEXTRACT=/path/to/jextract jextract/regenerate.sh"
exit 1
