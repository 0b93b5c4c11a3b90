///usr/bin/env jbang "$0" "$@" ; exit $?
// SPDX-License-Identifier: Apache-2.0
//JAVA 25+
//DEPS org.frameferry:frameferry:0.1.0-SNAPSHOT:all
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.frameferry.*;

/// Shows datagrams, and who sent them. Arguments: the port, 0 for any; how many to wait for.
class Show {
    public static void main(String[] arguments) {
        try (FramePool pool = FramePool.builder().build()) {
            receive(pool, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
            System.out.println(pool.audit());
        }
    }

    private static void receive(FramePool pool, int port, int frames) {
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", port)); FrameBatch batch = bridge.newBatch(64)) {
            System.out.println("receiving at " + bridge.localAddress());
            for (int left = frames; left > 0; left -= batch.size()) {
                bridge.receive(batch, Duration.ofDays(1));
                for (Frame frame : batch) {
                    byte[] text = new byte[frame.length()];
                    frame.copyOut(text, 0);
                    System.out.println(frame.peer() + " says " + new String(text, UTF_8));
                }
            }
        }
    }
}
