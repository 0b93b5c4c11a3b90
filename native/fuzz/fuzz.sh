#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes the targets, one after the other, and says how many inputs each has taken:
#
#   ferry fuzz [--seconds N] [TARGET ...]     N seconds each, 60 if not said; all targets if none is named
#
# Inputs that reach something new are kept in target/fuzz/TARGET, beside those of the corpus, so that the next run
# begins where this one ended. An input that breaks something is kept in target/fuzz, under a name that the log of its
# target says.
#
# Exit codes: 0 nothing was found, 1 something was, 2 a word on the command line makes no sense.
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=60
targets=
all="$(ls native/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||' | tr '\n' ' ')iperf3"
usage() {
    sed -n '4,12s/^# \{0,1\}//p' "$0"
}
while [ $# != 0 ]; do
    case $1 in
        -h | --help)
            usage
            exit 0
            ;;
        --seconds)
            case ${2:-} in
                '' | *[!0-9]* | 0*) echo "ferry fuzz: --seconds wants a whole number from 1 on, not '${2:-}'" >&2 && exit 2 ;;
            esac
            seconds=$2
            shift
            ;;
        *)
            case " $all " in
                *" $1 "*) targets="$targets $1" ;;
                *) echo "ferry fuzz: no target '$1'; there are: $all" >&2 && exit 2 ;;
            esac
            ;;
    esac
    shift
done
[ -n "$targets" ] || targets=$all

log=target/fuzz/build.log
mkdir -p target/fuzz
build() {
    cmake --preset asan-clang && cmake --build --preset asan-clang || return
    case " $targets " in
        *" iperf3 "*) ./mvnw -B -ntp -DskipTests -Pfuzz -pl java/fuzz -am package < /dev/null ;;
    esac
}
if ! build > $log 2>&1; then
    tail -n 20 $log >&2
    echo "ferry fuzz: the targets did not build; the log is $log" >&2
    exit 1
fi

# A target's program, given its name and libFuzzer's options.
fuzz() {
    if [ "$1" = iperf3 ]; then
        shift
        "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED \
            --sun-misc-unsafe-memory-access=allow -cp "java/fuzz/target/classes:java/fuzz/target/lib/*" \
            com.code_intelligence.jazzer.Jazzer --target_class=org.frameferry.cli.iperf3.Iperf3Fuzz \
            --instrumentation_includes='org.frameferry.cli.**' --reproducer_path=target/fuzz "$@" java/fuzz/corpus/iperf3
    else
        name=$1
        shift
        native/build/asan-clang/bin/fuzz_"$name" "$@" native/fuzz/corpus/fuzz_"$name"
    fi
}

total=0
found=0
for target in $targets; do
    mkdir -p "target/fuzz/$target"
    echo "ferry fuzz: $target, $seconds s"
    fuzz "$target" -max_total_time="$seconds" -max_len=4096 -timeout=20 -print_final_stats=1 \
        -artifact_prefix="target/fuzz/$target-" "target/fuzz/$target" > "target/fuzz/$target.log" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "target/fuzz/$target.log")
    total=$((total + ${runs:-0}))
    if [ $status != 0 ]; then
        found=1
        grep -E "ERROR|not so:|runtime error|Exception|Test unit written" "target/fuzz/$target.log" | head -n 8
        echo "    the log, with the input: target/fuzz/$target.log"
    else
        echo "    $runs inputs, nothing found"
    fi
done
echo "ferry fuzz: $total inputs in all"
exit $found
