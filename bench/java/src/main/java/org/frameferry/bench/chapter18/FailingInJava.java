// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.frameferry.Frameferry;
import org.frameferry.bench.BenchFailure;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_nic_config;
import org.frameferry.bindings.ferry_nic_statistics;
import org.frameferry.cli.demo.Chapter18;

/**
 * The chapter's failing driver over a simulated card, consumed in Java, in real time: a foreign call for each packet. The
 * card's interrupts are taken by the driver's own thread, in C. One thread.
 */
final class FailingInJava implements AutoCloseable {
    private static final int LIST_LIMIT = 65_536;
    private static final int DATA = 64;
    /** What the consumer of an empty list does before it asks for the lock again, as its like in C does. */
    private static final int IDLE_SPINS = 100;

    private final DriverRequest request;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(DATA + Chapter18.PACKET_MAX, DATA);
    private final MemorySegment packet = memory.asSlice(DATA);
    private final MemorySegment card = arena.allocate(ferry_nic_statistics.layout());
    private final MemorySegment device;
    private final long driver;
    private final JavaDrivers.Packets packets = new JavaDrivers.Packets();

    private FailingInJava(DriverRequest request) {
        this.request = request;
        Frameferry.diagnose(); // loads the library that the bindings are of
        MemorySegment config = arena.allocate(ferry_nic_config.layout());
        ferry_nic_config.frames(config, request.frames());
        ferry_nic_config.seed(config, request.seed());
        ferry_nic_config.processor_hz(config, JavaDrivers.HZ);
        ferry_nic_config.line_rate(config, (int) (request.lineRate() / 1_000_000));
        ferry_nic_config.load(config, (int) Math.round(request.load() * FerryBindings.FERRY_NIC_LOAD_MAX()));
        ferry_nic_config.rx_fifo(config, JavaDrivers.RX_FIFO);
        ferry_nic_config.interrupt_cycles(config, JavaDrivers.INTERRUPT_CYCLES);
        MemorySegment opened = arena.allocate(ValueLayout.ADDRESS);
        int error = FerryBindings.ferry_nic_open(config, opened);
        device = opened.get(ValueLayout.ADDRESS, 0);
        driver = error < 0 ? error : Chapter18.openDevice(device, LIST_LIMIT);
        if (driver < 0) {
            arena.close();
            throw new BenchFailure("the chapter's driver cannot open a simulated card: " + Chapter18.text(driver), null);
        }
    }

    static DriverRun run(DriverRequest request) {
        try (FailingInJava run = new FailingInJava(request)) {
            while (!run.complete()) {
                run.consume();
            }
            return run.result();
        }
    }

    /** Until the list is empty. */
    private void consume() {
        long length;
        while ((length = Chapter18.receive(driver, packet, Chapter18.PACKET_MAX, 0, memory)) >= 0) {
            packets.process(packet, 0);
        }
        if (length != Chapter18.NOTHING) {
            throw new BenchFailure("the chapter's driver failed: " + Chapter18.text(length), null);
        }
        for (int i = 0; i < IDLE_SPINS; i++) {
            Thread.onSpinWait();
        }
    }

    private boolean complete() {
        FerryBindings.ferry_nic_statistics(device, card);
        return ferry_nic_statistics.coming(card) == 0 && ferry_nic_statistics.queued(card) == 0
                && ferry_nic_statistics.arrived(card) == packets.count() + ferry_nic_statistics.dropped(card)
                        + ferry_nic_statistics.stalled(card) + Chapter18.statistics(driver).dropped();
    }

    private DriverRun result() {
        double now = ferry_nic_statistics.now(card);
        return new DriverRun(request.driver(), "Java", request.clock(), request.arrivals(), request.lineRate(),
                request.load(), ferry_nic_statistics.arrived(card), packets.count(),
                ferry_nic_statistics.dropped(card), ferry_nic_statistics.stalled(card),
                Chapter18.statistics(driver).dropped(), 0, now / 1e9, 1 - ferry_nic_statistics.idle(card) / now,
                ferry_nic_statistics.interrupts(card), 0, 0, 0, 0, 0, JavaDrivers.costs(), List.of());
    }

    /** With the driver, the card. */
    @Override
    public void close() {
        Chapter18.close(driver);
        arena.close();
    }
}
