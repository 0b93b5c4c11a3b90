#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check.sh [--trail] [CHECK]: lets SPIN search the model of the poller's sleep, as it is and with one part taken out at
# a time. As it is, no error may be found; without a part, the error that the part prevents must be. --trail tells every
# error that is found, step by step. CHECK: only the one of that name. Run by ctest and by "./ferry model".
#
# Exit codes: 0 every verdict is as expected, 1 one is not, 2 wrong arguments, 77 spin or a C compiler is missing.
set -u
model=$(cd "$(dirname "$0")" && pwd)/napi.pml
cc=${CC:-cc}
mebibytes=2048 # that a search may take: the largest takes an eighth of it
depth=100000   # steps from the start that a search may go: the deepest goes less than a thousandth of it

trail=no
if [ "${1:-}" = --trail ]; then
    trail=yes
    shift
fi
only=${1:-}
usage='usage: check.sh [--trail] [CHECK], or: ./ferry model [--trail] [CHECK]
  --trail  tells every error that is found, step by step
  CHECK    only this one, by its name in the first column'
case $#:$only in
    0: | 1:[a-z]*) ;;
    1:--help) echo "$usage" && exit 0 ;;
    *) echo "$usage" >&2 && exit 2 ;;
esac
for tool in spin "$cc"; do
    command -v "$tool" > /dev/null && continue
    echo "skipped: $tool is missing (Debian: apt-get install spin gcc)"
    exit 77
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1

# What the search came to: "none", the promise that it found broken, or why it says nothing.
outcome() {
    sed -n 's/.*assertion violated[ !(]*\([a-z_]*\).*/\1/p' pan.log | grep . && return
    if [ "$1" = 0 ] && grep -q 'errors: 0$' pan.log && ! grep -qi 'not completed\|too small\|MEMLIM' pan.log; then
        echo none
    else
        why=$(cat build.log pan.log | grep -i -m 1 'error:\|too small\|MEMLIM') || why="spin, $cc or the search failed"
        echo "aborted: $why"
    fi
}

# Who did what; the names are in the order of the processes in the model. SPIN indents by the number of the process.
tell() {
    # shellcheck disable=SC2086 # $defines is a list
    spin -P"$cc -E -x c" $defines -t -B -k ./*.trail "$model" | awk '
        BEGIN { split("memory arrivals departures poller sender receiver rest", name, " ") }
        /^spin: trail ends/ { next }
        /^spin:/ { print "    " $0; next }
        { match($0, /^ */); printf "    %-10s %s\n", name[(RLENGTH - 6) / 4 + 1], substr($0, RLENGTH + 1) }'
}

# name, what is checked, arrivals, frames sent, what is defined for the model, the promise that must be found broken
check() {
    [ -z "$only" ] || [ "$only" = "$1" ] || return
    checked=$((checked + 1))
    defines="-DARRIVALS=$3 -DSENDS=$4 $5"
    rm -f ./*
    found=none
    # Breadth first where an error is to be found: the first one is then the shortest.
    [ "$6" = none ] && search= || search=-DBFS
    # shellcheck disable=SC2086
    if spin -P"$cc -E -x c" $defines -a "$model" > build.log 2>&1 &&
        "$cc" -O1 -w -DSAFETY -DCOLLAPSE "-DMEMLIM=$mebibytes" $search -o pan pan.c >> build.log 2>&1; then
        ./pan -E -m$depth > pan.log 2>&1 # -E: who sleeps for good is the business of the process "rest"
        found=$(outcome $?)
    else
        : > pan.log
        found=$(outcome 1)
    fi
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
    verdict='as expected'
    if [ "$found" != "$6" ]; then
        verdict="NOT AS EXPECTED ($6)"
        status=1
    fi
    printf '%-14s %-40s %9s states  error: %-14s %s\n' "$1" "$2" "${states:-0}" "$found" "$verdict"
    [ -f "$(echo ./*.trail)" ] && [ "$trail$verdict" != "noas expected" ] && tell
}

checked=0
status=0
check receive        'the protocol, frames arriving'           3 0 ''                               none
check send           'the protocol, frames being sent'         0 3 ''                               none
check both           'the protocol, both at once'              1 1 ''                               none
check impatient      'the protocol, a source that cannot wait' 3 0 '-DIMPATIENT'                    none
check rest           'it does come to rest'                    1 0 '-DNO_REST'                      rested
check second-look    'without the second look at the device'   1 0 '-DNO_SECOND_LOOK'               left_behind
check memory-look    'without the second look at memory'       0 1 '-DNO_LOOK_AT_MEMORY'            left_behind
check fence-poller   'without the fence of the poller'         0 1 '-DNO_FENCE_POLLER'              left_behind
check fence-sender   'without the fence of who sends'          0 1 '-DNO_FENCE_SENDER'              left_behind
check fence-receiver 'without the fence of who gives back'     2 0 '-DNO_FENCE_RECEIVER'            left_behind
check fence-signal   "without the fence of the poller's signal" 1 0 '-DNO_FENCE_SIGNAL'             left_behind
check fence-wait     'without the fence of who waits'          1 0 '-DNO_FENCE_WAIT'                left_behind
check wake-order     'with a wake() that overtakes a store'    0 2 '-DNO_ORDER_IN_WAKE'             left_behind
check drops          'with drops that do not count'            3 0 '-DIMPATIENT -DDROPS_UNCOUNTED'  taken_in_round
if [ $checked = 0 ]; then
    echo "check.sh: there is no check '$only'; without a name it runs all, with their names in the first column" >&2
    exit 2
fi
exit $status
