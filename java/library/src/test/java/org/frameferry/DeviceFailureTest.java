// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.frameferry.bindings.FerryBindings;

/// A device that fails for good: another file is put in place of the bridge's socket, so that the system refuses
/// whatever is asked of it. Java gets what was received before, and then the error by its name, from both ends.
class DeviceFailureTest {
    private static final MethodHandle DUP2 = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).bridges(1).build();
    }

    /// A bridge, and how to take its socket away.
    private record Victim(Bridge bridge, int socket) implements AutoCloseable {
        static Victim open(Way way, FramePool pool) throws IOException {
            Set<Integer> before = OpenFiles.of("socket:");
            Bridge bridge = way.open(pool);
            Set<Integer> after = new HashSet<>(OpenFiles.of("socket:"));
            after.removeAll(before);
            assertEquals(1, after.size());
            return new Victim(bridge, after.iterator().next());
        }

        void fail(FramePool pool) throws Throwable {
            Path file = Files.createTempFile("frameferry-test", null);
            try (FileChannel _ = FileChannel.open(file)) {
                int other = OpenFiles.of(file.toString()).iterator().next();
                assertEquals(socket, (int) DUP2.invokeExact(other, socket));
            } finally {
                Files.delete(file);
            }
            FerryBindings.ferry_bridge_wake(pool.handle(), 0); // a poller that sleeps would not look
        }

        @Override
        public void close() {
            bridge.close();
        }
    }

    private static void assertFailed(Bridge bridge, FerryException e) {
        assertEquals("ENOTSOCK", e.error());
        assertEquals(bridge + " has ended: Socket operation on non-socket (ENOTSOCK)", e.getMessage());
    }

    @EachWay
    void receiveGivesWhatCameBeforeAndThenTheError(Way way) throws Throwable {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Victim victim = Victim.open(way, pool);
             OtherSide other = OtherSide.of(victim.bridge); FrameBatch batch = pool.newBatch(4)) {
            Bridge bridge = victim.bridge;
            long next = 0;
            for (int sent = 0; pool.audit().queued() == 0; sent += 10) {
                other.send(sent, sent + 10);
                assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
                next = Numbered.check(batch, next);
            }
            victim.fail(pool);
            while (next < bridge.statistics().rxFrames()) {
                assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
                next = Numbered.check(batch, next);
            }
            assertFailed(bridge, assertThrows(FerryException.class, () -> bridge.receive(batch, Numbered.LONG)));
            assertTrue(batch.isEmpty(), "the previous frames go back");
            assertFailed(bridge, assertThrows(FerryException.class, () -> bridge.receive(batch)));
            assertFailed(bridge, assertThrows(FerryException.class, () -> bridge.receive(batch, Numbered.LONG)));
        }
    }

    @EachWay
    void sendSaysSo(Way way) throws Throwable {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Victim victim = Victim.open(way, pool);
             FrameBatch batch = pool.newBatch(64)) {
            Bridge bridge = victim.bridge;
            victim.fail(pool);
            FerryException e = assertThrows(FerryException.class, () -> {
                while (true) {
                    pool.lease(batch, 64 - batch.size());
                    bridge.send(batch, Numbered.LONG);
                }
            });
            assertFailed(bridge, e);
            assertFailed(bridge, assertThrows(FerryException.class, () -> bridge.send(batch)));
            batch.release();
        }
    }

    @EachWay
    void aWaitingReceiverIsToldAndTheNumberIsUsedAgain(Way way) throws Throwable {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            try (Victim victim = Victim.open(way, pool)) {
                Elsewhere<Integer> receiver = Sleepers.receiver(pool, victim.bridge, false);
                victim.fail(pool);
                assertFailed(victim.bridge, assertThrows(FerryException.class, receiver::result));
            }
            try (Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
                 FrameBatch batch = pool.newBatch(4)) {
                other.send(0, 4);
                Numbered.receive(bridge, batch, 0, 4);
            }
        }
    }
}
