// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.frameferry.Bridge;
import org.junit.jupiter.api.Test;

/** The rehearsal reaches its own socket by every kind of address, and leaves nothing behind. */
class RehearsalTest {
    private static final int AT_LEAST = 10_000;

    private static void assertPlays(Bridge.Mode mode, Bridge.Crossing crossing, InetAddress local) {
        DataPathFactory paths =
                FrameferryDataPath.factory(new FrameferryDataPath.Settings(mode, crossing, 64, 1 << 20, true));
        List<FrameferryDataPath> opened = new ArrayList<>();
        Rehearsal.run(new DataPathFactory() {
            @Override
            public DataPath open(InetSocketAddress bind, int blockSize) {
                opened.add((FrameferryDataPath) paths.open(bind, blockSize));
                return opened.getLast();
            }

            @Override
            public String name() {
                return paths.name();
            }
        }, local);
        assertEquals(1, opened.size());
        assertTrue(opened.getFirst().audit().sound());
        assertEquals(0, opened.getFirst().audit().leased());
        assertTrue(opened.getFirst().statistics().datagrams() > AT_LEAST, opened.getFirst().statistics()::toString);
    }

    @Test
    void inEveryModeAndCrossing() {
        for (Bridge.Mode mode : Bridge.Mode.values()) {
            for (Bridge.Crossing crossing : Bridge.Crossing.values()) {
                assertPlays(mode, crossing, Addresses.anyIpv6());
            }
        }
    }

    @Test
    void onEveryKindOfAddress() {
        for (InetAddress local : new InetAddress[] {Addresses.anyIpv4(), Addresses.loopbackIpv4(),
            InetAddress.getLoopbackAddress()}) {
            assertPlays(Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, local);
        }
    }
}
