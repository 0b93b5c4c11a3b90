#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hardening.sh READELF LIBRARY: what the compiler and the linker were asked for to make an attack harder is in the
# file that the jar carries. Run by ctest.
#
# -fstack-clash-protection leaves no trace there: no function has a frame of a page, which -Wframe-larger-than sees to.
set -eu
readelf=$1 library=$2
failed=0

shows() { # a part of the file, then a pattern
    "$readelf" -W "$1" "$library" | grep -E -- "$2" > /dev/null
}
must() { # part, pattern, and what it means if that is not there
    shows "$1" "$2" || { echo "$library: $3" && failed=1; }
}
must_not() {
    ! shows "$1" "$2" || { echo "$library: $3" && failed=1; }
}

must --segments ' GNU_RELRO ' 'the addresses of functions stay writable'
must --dynamic BIND_NOW 'functions are bound when first called'
must --segments ' GNU_STACK .* RW +0x' 'the stack is executable'
must_not --segments ' R?WE ' 'memory is writable and executable'
must_not --dynamic 'TEXTREL' 'code is written to when it is loaded'
must_not --dynamic 'RPATH|RUNPATH' 'it says where other libraries are looked for'
must --dyn-syms ' __stack_chk_fail' 'no stack protector'
must --dyn-syms ' __[a-z]+_chk' 'no checked functions of the C library (_FORTIFY_SOURCE)'
case $("$readelf" --file-header "$library") in
    *X86-64*) must --notes 'x86 feature:.*IBT, SHSTK' 'no control-flow protection (CET)' ;;
    # The instruction that signs an address to return to. Of BTI nothing shows: libgcc's atomics, which Debian builds
    # without, have the linker leave its note out.
    *AArch64*) must --hex-dump=.text ' 3f2303d5 ' 'returns are not signed (PAC)' ;;
esac
exit $failed
