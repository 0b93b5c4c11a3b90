# SPDX-License-Identifier: Apache-2.0
#
# Sourced by ferry and mvnw: find_jdk sets JAVA_HOME to a JDK 25 or later, or returns 1 if there is none. It reads
# the release file that every JDK carries, because asking java for its version costs more than the start of a JVM.

is_jdk_25() {
    local key value
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value//\"/}
        value=${value%%[!0-9]*}
        [ "${value:-0}" -ge 25 ]
        return
    done < "$1/release"
    return 1
}

find_jdk() {
    local javac candidate
    is_jdk_25 "${JAVA_HOME:-}" && return
    javac=$(readlink -f "$(command -v javac)" 2> /dev/null)
    for candidate in "${javac%/bin/javac}" /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* /opt/* /opt/java/*; do
        if is_jdk_25 "$candidate"; then
            export JAVA_HOME=$candidate
            return
        fi
    done
    return 1
}
