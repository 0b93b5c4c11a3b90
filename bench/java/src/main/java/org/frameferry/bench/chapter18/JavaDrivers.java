// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.frameferry.Bridge;
import org.frameferry.BridgeStatistics;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.NicStatistics;
import org.frameferry.SimulatedNic;
import org.frameferry.WaitStrategy;

/**
 * The drivers as Java consumes them, in this process: Frameferry in a call a batch, the chapter's failing driver in a call
 * a packet. What drives the card is the same C as elsewhere. One thread at a time.
 */
final class JavaDrivers implements Drivers {
    /** What virtual time charges for a foreign call: 10 ns, about what one costs here and there. */
    static final int CROSSING_CYCLES = 12;
    static final long HZ = 1_200_000_000;
    static final int INTERRUPT_CYCLES = 1000;
    private static final int LOOK_CYCLES = 5;
    private static final int FRAME_CYCLES = 160;
    static final int RX_FIFO = 512;
    private static final int BATCH = 32;
    private static final int BUDGET = 64;
    private static final long WARM_UP_FRAMES = 300_000;
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final Set<String> warm = new HashSet<>();

    @Override
    public String language() {
        return "Java";
    }

    /** The failing driver's two processors are simulated in C only; an interrupt a frame is no business of Java's. */
    @Override
    public List<String> names(String clock) {
        return clock.equals("virtual") ? List.of("napi", "optimised") : List.of("failing", "optimised");
    }

    @Override
    public Optional<DriverRun> run(DriverRequest request) throws IOException {
        if (request.clock().equals("real") && warm.add(request.driver())) {
            runOnce(request.of(WARM_UP_FRAMES)); // the compiler's time is not the driver's
        }
        return Optional.of(runOnce(request));
    }

    private static DriverRun runOnce(DriverRequest request) {
        return request.driver().equals("failing") ? FailingInJava.run(request) : frameferry(request);
    }

    private static SimulatedNic nic(DriverRequest request) {
        SimulatedNic.Builder builder = SimulatedNic.builder().lineRate(request.lineRate()).load(request.load())
                .frames(request.frames()).seed(request.seed()).rxFifo(RX_FIFO).processor(HZ)
                .interruptCycles(INTERRUPT_CYCLES).lookCycles(LOOK_CYCLES).frameCycles(FRAME_CYCLES);
        if (request.arrivals().equals("poisson")) {
            builder.poisson();
        }
        return (request.clock().equals("virtual") ? builder.virtualTime() : builder).build();
    }

    /** In virtual time inline, on one processor; in real time with a poller's thread. */
    private static DriverRun frameferry(DriverRequest request) {
        boolean virtual = request.clock().equals("virtual");
        try (FramePool pool = FramePool.builder().frames(4096).frameSize(2048).ringCapacity(1024).build()) {
            pool.memory().fill((byte) 0); // memory that is touched for the first time is slow: not the driver's fault
            try (Bridge bridge = Bridge.builder(pool, nic(request)).budget(BUDGET).waitStrategy(WaitStrategy.SPIN)
                    .mode(virtual ? Bridge.Mode.INLINE : Bridge.Mode.THREADED).open()) {
                FrameBatch batch = bridge.newBatch(request.driver().equals("napi") ? BUDGET : BATCH);
                Packets packets = new Packets();
                int n;
                do {
                    n = receive(bridge, batch, packets, virtual);
                } while (n != 0 || !packets.complete(SimulatedNic.statistics(bridge)));
                batch.release();
                return result(request, SimulatedNic.statistics(bridge), packets, bridge.statistics());
            }
        }
    }

    private static int receive(Bridge bridge, FrameBatch batch, Packets packets, boolean virtual) {
        int n = bridge.receive(batch, PATIENCE);
        for (Frame frame : batch) {
            packets.process(frame.memory(), frame.offset());
        }
        if (virtual) {
            SimulatedNic.spend(bridge, CROSSING_CYCLES);
        }
        return n;
    }

    private static DriverRun result(DriverRequest request, NicStatistics card, Packets packets,
            BridgeStatistics bridge) {
        return new DriverRun(request.driver(), "Java", request.clock(), request.arrivals(), request.lineRate(),
                request.load(), card.arrived(), packets.count(), card.dropped(), card.stalled(), 0, card.queued(),
                card.now().toNanos() / 1e9, card.busy(), card.interrupts(), bridge.rounds(), bridge.fullRounds(),
                bridge.emptyRounds(), bridge.armedTime().toNanos() / 1e9, bridge.pollingTime().toNanos() / 1e9,
                costs(), List.of());
    }

    /** {@return what the card was told that things cost} */
    static Map<String, Long> costs() {
        return Map.of("hz", HZ, "interrupt", (long) INTERRUPT_CYCLES, "look", (long) LOOK_CYCLES, "frame",
                (long) FRAME_CYCLES, "crossing", (long) CROSSING_CYCLES);
    }

    /** What is done with a packet: its 64 bytes are read, and its number must be higher than the last one's. */
    static final class Packets {
        private static final int BYTES = 64;
        private long count;
        private long next;
        private long sum;

        void process(MemorySegment memory, long offset) {
            long number = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
            if (number < next) {
                throw new IllegalStateException("packet " + number + " came after packet " + (next - 1));
            }
            next = number + 1;
            count++;
            for (long at = Long.BYTES; at < BYTES; at += Long.BYTES) {
                sum += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
            }
        }

        long count() {
            return count;
        }

        /** {@return whether nothing more will come: what is lost is counted after what arrived} */
        boolean complete(NicStatistics card) {
            return card.coming() == 0 && card.queued() == 0
                    && card.arrived() == count + card.dropped() + card.stalled();
        }

        @Override
        public String toString() {
            return count + " packets, sum " + sum;
        }
    }
}
