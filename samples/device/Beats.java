///usr/bin/env jbang "$0" "$@" ; exit $?
// SPDX-License-Identifier: Apache-2.0
//JAVA 25+
//DEPS org.frameferry:frameferry:0.1.0-SNAPSHOT:all
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.nio.file.Path;
import java.time.Duration;
import org.frameferry.*;

/// Receives from a device of one's own. Arguments: its shared library; how many beats to wait for.
class Beats {
    public static void main(String[] arguments) {
        Device metronome = Device.load(Path.of(arguments[0]), "metronome", "1000000"); // a beat every millisecond
        try (FramePool pool = FramePool.builder().build()) {
            receive(pool, metronome, Integer.parseInt(arguments[1]));
            System.out.println(pool.audit());
        }
    }

    private static void receive(FramePool pool, Device metronome, int beats) {
        try (Bridge bridge = Bridge.open(pool, metronome); FrameBatch batch = bridge.newBatch(64)) {
            for (int left = beats; left > 0; left -= batch.size()) {
                bridge.receive(batch, Duration.ofDays(1));
                for (Frame frame : batch) {
                    System.out.println("beat " + frame.memory().get(JAVA_LONG_UNALIGNED, frame.offset()));
                }
            }
        }
    }
}
