#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# abi.sh CC INCLUDE SOVERSION DUMP: what programs built against the last release rely on is still there. DUMP has it, a
# fact a line: constants, where the fields of structs lie, functions. Each of its lines must come out of the headers in
# INCLUDE as they are now; others may come, too. Run by ctest. abi.sh accept CC ... writes DUMP anew.
#
# That the library exports what the headers declare is for the test `exports`. layout.h has a version of its own.
set -eu
export LC_ALL=C
accept=
[ "$1" != accept ] || { accept=yes && shift; }
cc=$1 include=$2 soversion=$3 dump=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A program that prints the facts. What begins with ferry_ in the headers, a declaration a line, becomes a printf.
printf '#include <frameferry/%s.h>\n' frameferry frame device nic > "$work/all.h"
{
    printf '#include <stddef.h>\n#include <stdio.h>\n#include "all.h"\nint main(void)\n{\n'
    "$cc" -E -dM -I "$include" "$work/all.h" | sort |
        sed -n -e '/ FERRY_API /d' -e 's/^#define \(FERRY_[A-Z0-9_]*\) ..*/\1/p' |
        awk '{ print "printf(\"constant " $1 " = %lld\\n\", (long long)" $1 ");" }'
    "$cc" -E -P -I "$include" "$work/all.h" | tr -s '\n ' '  ' | sed 's/[{};] */&\n/g' | awk '
        { sub(/[; ]+$/, "") }
        /^enum ferry_.* \{$/ { in_enum = 1; next }
        in_enum {
            gsub(/ = [^,}]*|[ }]/, "")
            n = split($0, names, ",")
            for (i = 1; i <= n; i++)
                if (names[i] != "") print "printf(\"constant " names[i] " = %d\\n\", " names[i] ");"
            in_enum = 0
        }
        /^struct ferry_[a-z_]+ \{$/ {
            type = "struct " $2
            print "printf(\"" type " has %zu bytes\\n\", sizeof(" type "));"
            next
        }
        /^\}/ { type = "" }
        type != "" {
            match($0, /\(\*[a-z0-9_]+|[a-z0-9_]+(\[.*\])?$/)
            field = substr($0, RSTART, RLENGTH)
            gsub(/^\(\*|\[.*/, "", field)
            print "printf(\"" type " at %zu: " $0 "\\n\", offsetof(" type ", " field "));"
        }
        sub(/^__attribute__\(\(visibility\("default"\)\)\) /, "") { print "puts(\"function " $0 "\");" }'
    printf 'printf("soversion %%d\\n", %s);\n}\n' "$soversion"
} > "$work/facts.c"
"$cc" -std=c11 -I "$include" -I "$work" "$work/facts.c" -o "$work/facts"
"$work/facts" > "$work/now"

if [ -n "$accept" ]; then
    { sed -n '/^#/p' "$dump" && cat "$work/now"; } > "$work/dump"
    cp "$work/dump" "$dump"
    exit
fi
grep -v '^#' "$dump" > "$work/then"
[ -s "$work/then" ] || { echo "$dump is empty" && exit 1; }
grep -vxF -f "$work/now" "$work/then" > "$work/gone" || true
[ -s "$work/gone" ] || exit 0
echo "Programs that were built against the last release would break. Gone, or not as they were (${dump##*/}):"
sed 's/^/    /' "$work/gone"
echo "If it has to be: raise SOVERSION in CMakeLists.txt, unless no release has had these, and accept it by"
echo "    cmake --build --preset release --target accept_abi"
exit 1
