// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.Arrays;
import java.util.stream.Stream;

/// One of the four ways to run a bridge: who drives the device, and how descriptors cross. What holds for one must hold
/// for all, so tests of bridges run [EachWay]. A value; any thread.
record Way(Bridge.Mode mode, Bridge.Crossing crossing) {
    static final Udp ANY_PORT = Udp.bind("127.0.0.1", 0);

    static Stream<Way> all() {
        return Arrays.stream(Bridge.Mode.values())
                .flatMap(mode -> Arrays.stream(Bridge.Crossing.values()).map(crossing -> new Way(mode, crossing)));
    }

    boolean isInline() {
        return mode == Bridge.Mode.INLINE;
    }

    Bridge.Builder builder(FramePool pool, Udp udp) {
        return Bridge.builder(pool, udp).mode(mode).crossing(crossing);
    }

    Bridge open(FramePool pool, Udp udp) {
        return builder(pool, udp).open();
    }

    /// On any free port of the loopback interface.
    Bridge open(FramePool pool) {
        return open(pool, ANY_PORT);
    }

    @Override
    public String toString() {
        return mode + " " + crossing;
    }
}
