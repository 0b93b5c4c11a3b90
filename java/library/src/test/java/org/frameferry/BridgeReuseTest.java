// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// Bridges come and go on one pool: their numbers are used again, and nothing of them stays behind: no frame, no
/// thread, no file descriptor.
class BridgeReuseTest {
    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).bridges(2).build();
    }

    /// {@return how many sockets and events this process has open}
    private static long descriptors() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    return target.startsWith("socket:") || target.contains("eventfd");
                } catch (IOException e) { // the directory's own, closed by now
                    return false;
                }
            }).count();
        }
    }

    /// {@return how many threads of the library this process has; "frameferry-wait" is cut to 15 characters}
    private static long threads() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> {
                try {
                    String name = Files.readString(task.resolve("comm"));
                    return name.startsWith("ferry-poll") || name.startsWith("frameferry-wait");
                } catch (IOException e) { // it has ended meanwhile
                    return false;
                }
            }).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Receives some, sends some, and leaves the rest behind.
    private static void cycle(Way way, FramePool pool, int i) throws Exception {
        try (Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(4)) {
            other.send(0, 10);
            Numbered.receive(bridge, batch, 0, i % 10);
            if (i % 2 == 0) {
                bridge.send(batch);
            }
        }
    }

    @EachWay
    void nothingIsLeftOfManyBridges(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            long descriptors = descriptors();
            for (int i = 0; i < 200; i++) {
                cycle(way, pool, i);
                Audits.assertAtRest(pool);
            }
            assertEquals(pool.frames(), pool.audit().free());
            assertEquals(descriptors, descriptors());
            Elsewhere.until(() -> threads() == 0);
        }
    }

    @EachWay
    void virtualReceiversLeaveNoThread(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            for (int i = 0; i < 20; i++) {
                Bridge bridge = way.open(pool);
                Elsewhere<Integer> receiver = Sleepers.receiver(pool, bridge, true);
                bridge.close();
                assertEquals(-1, receiver.result());
            }
            Elsewhere.until(() -> threads() == 0);
        }
    }

    /// As many as the pool was built for, and one more when one of them is closed.
    @EachWay
    void aClosedBridgeMakesRoom(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge _ = way.open(pool)) {
            for (int i = 0; i < 3; i++) {
                try (Bridge _ = way.open(pool)) {
                    long descriptors = descriptors();
                    FerryException e = assertThrows(FerryException.class, () -> way.open(pool));
                    assertEquals("FERRY_EFULL", e.error());
                    assertEquals(descriptors, descriptors(), "the refused one's socket is closed");
                }
            }
        }
    }

    /// The number of a closed bridge is its receiver's until that has seen the end, or has ended itself.
    @EachWay
    void aNumberWaitsForItsReceiver(Way way) throws Exception {
        try (FramePool pool = FramePool.builder().frames(64).frameSize(256).bridges(1).build();
             Audits _ = Audits.of(pool)) {
            for (boolean seesTheEnd : new boolean[] {true, false}) {
                Bridge bridge = way.open(pool);
                CountDownLatch received = new CountDownLatch(1);
                CountDownLatch goOn = new CountDownLatch(1);
                CountDownLatch seen = new CountDownLatch(1);
                CountDownLatch end = new CountDownLatch(1);
                Elsewhere<Void> receiver = Elsewhere.start(() -> {
                    receiveTheFirst(pool, bridge);
                    received.countDown();
                    goOn.await();
                    if (seesTheEnd) {
                        drain(pool, bridge);
                    }
                    seen.countDown();
                    end.await();
                    return null;
                });
                received.await();
                bridge.close();
                assertEquals("FERRY_EFULL", assertThrows(FerryException.class, () -> way.open(pool)).error());
                assertTrue(pool.audit().queued() > 0, "what it has not received yet is kept for it");
                goOn.countDown();
                seen.await();
                if (!seesTheEnd) {
                    assertThrows(FerryException.class, () -> way.open(pool));
                    end.countDown();
                    receiver.result();
                }
                way.open(pool).close();
                assertEquals(64, pool.audit().free());
                end.countDown();
                receiver.result();
            }
        }
    }

    private static void receiveTheFirst(FramePool pool, Bridge bridge) throws IOException {
        try (OtherSide other = OtherSide.of(bridge); FrameBatch batch = pool.newBatch(1)) {
            for (int sent = 0; pool.audit().queued() == 0; sent += 10) {
                other.send(sent, sent + 10);
                bridge.receive(batch, Numbered.LONG);
            }
        }
    }

    private static void drain(FramePool pool, Bridge bridge) {
        try (FrameBatch batch = pool.newBatch(1)) {
            while (bridge.receive(batch) > 0) {
                assertEquals(1, batch.size());
            }
        }
    }
}
