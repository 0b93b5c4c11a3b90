// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_nic_config;

/// A simulated network card as a device, for benchmarks and tests without hardware. Immutable; any thread.
///
/// A description only: each [Bridge] that is opened over it has a card of its own. Frames arrive at a rate and wait in a
/// FIFO of limited depth; what arrives while that is full is dropped and counted. Taking an interrupt costs time. What is
/// sent leaves at the rate of the line. A received frame carries its number and its time of arrival, nanoseconds of the
/// card's clock, as two 64-bit words in native byte order, then the number's low byte to the end.
///
/// In real time nothing paces the card: what arrived is computed whenever the driver looks, and what is lost because the
/// system kept the driver off its processor is counted apart, as [NicStatistics#stalled()]. In [Builder#virtualTime()] the
/// card has a clock of its own, moved only by the work charged to it and by waiting: a simulation that gives the same
/// result, to the frame, on every machine. Its bridge is an inline one.
public final class SimulatedNic implements Device {
    private final Builder options;

    private SimulatedNic(Builder options) {
        this.options = options;
    }

    /// {@return a builder: 1 Gb/s of 64-byte frames without end and with equal gaps, 1,488,095 a second, in real time, FIFOs
    /// of 512 frames, interrupts that cost nothing}
    public static Builder builder() {
        NativeLibrary.require(); // before the limits, which stand in the bindings, are asked for
        return new Builder();
    }

    /// {@return what the card behind a bridge has seen so far}
    ///
    /// Exact in the thread of an inline bridge; elsewhere each counter is, but they are read one after the other.
    ///
    /// @param bridge over a simulated card
    /// @throws ClosedException if the bridge is closed
    /// @throws IllegalArgumentException if it is over another device
    public static NicStatistics statistics(Bridge bridge) {
        return bridge.life().nicStatistics();
    }

    /// Has the driver's processor work: in virtual time the clock of the card behind the bridge goes on, in real time the
    /// call takes as long. Belongs to the thread that receives.
    ///
    /// @param bridge inline, over a simulated card
    /// @param cycles of [Builder#processor(long)], 0 to 1,000,000,000
    /// @throws ClosedException if the bridge is closed
    /// @throws WrongThreadException if the bridge belongs to another thread
    /// @throws IllegalArgumentException if the bridge is a threaded one or over another device, or for cycles out of range
    public static void spend(Bridge bridge, long cycles) {
        int max = FerryBindings.FERRY_NIC_SPEND_MAX();
        if (cycles < 0 || cycles > max) {
            throw new IllegalArgumentException("cycles " + cycles + " is not in 0 .. " + max);
        }
        bridge.life().spendOnNic(cycles);
    }

    boolean isVirtual() {
        return options.virtualTime;
    }

    /// Makes a card.
    ///
    /// @return the native device, which the caller owns
    MemorySegment open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(ferry_nic_config.layout());
            options.write(config, arena);
            MemorySegment device = arena.allocate(ValueLayout.ADDRESS);
            NativeGate.check(FerryBindings.ferry_nic_open(config, device), "cannot open " + this);
            return device.get(ValueLayout.ADDRESS, 0);
        }
    }

    @Override
    public String toString() {
        return "simulated NIC, " + options;
    }

    /// Configures a card. Not for several threads.
    public static final class Builder {
        private static final long MEGABIT = 1_000_000;

        private int lineRate = 1000;
        private int load = FerryBindings.FERRY_NIC_LOAD_MAX();
        private int frameBytes = FerryBindings.FERRY_NIC_FRAME_MIN();
        private int arrivals = FerryBindings.FERRY_NIC_CONSTANT();
        private int burst = 1;
        private Path capture;
        private long frames;
        private long seed = 1;
        private int rxFifo = 512;
        private int txFifo = 512;
        private boolean virtualTime;
        private long processor = 1_200_000_000;
        private int interruptCycles;
        private int lookCycles;
        private int frameCycles;
        private int armCycles;

        private Builder() {}

        private Builder(Builder other) {
            lineRate = other.lineRate;
            load = other.load;
            frameBytes = other.frameBytes;
            arrivals = other.arrivals;
            burst = other.burst;
            capture = other.capture;
            frames = other.frames;
            seed = other.seed;
            rxFifo = other.rxFifo;
            txFifo = other.txFifo;
            virtualTime = other.virtualTime;
            processor = other.processor;
            interruptCycles = other.interruptCycles;
            lookCycles = other.lookCycles;
            frameCycles = other.frameCycles;
            armCycles = other.armCycles;
        }

        /// The rate of the line; default 1 Gb/s. Each frame takes 20 bytes on it besides its own.
        ///
        /// @param bitsPerSecond whole millions, 1 Mb/s to 400 Gb/s
        /// @return this
        public Builder lineRate(long bitsPerSecond) {
            check("lineRate", bitsPerSecond, MEGABIT, FerryBindings.FERRY_NIC_LINE_RATE_MAX() * MEGABIT);
            if (bitsPerSecond % MEGABIT != 0) {
                throw new IllegalArgumentException("lineRate " + bitsPerSecond + " is no whole number of Mb/s");
            }
            lineRate = (int) (bitsPerSecond / MEGABIT);
            return this;
        }

        /// The load that is offered; default all that the line can carry.
        ///
        /// @param share of the line rate, 0.000001 to 1
        /// @return this
        public Builder load(double share) {
            int max = FerryBindings.FERRY_NIC_LOAD_MAX();
            if (!(share >= 1.0 / max && share <= 1)) {
                throw new IllegalArgumentException("load " + share + " is not in 0.000001 .. 1");
            }
            load = (int) Math.round(share * max);
            return this;
        }

        /// Bytes of each frame, checksum included; default 64.
        ///
        /// @param bytes 64 to 9018
        /// @return this
        public Builder frameBytes(int bytes) {
            frameBytes = FramePoolBuilder.check("frameBytes", bytes, FerryBindings.FERRY_NIC_FRAME_MIN(),
                    FerryBindings.FERRY_NIC_FRAME_MAX());
            return this;
        }

        /// Frames come with equal gaps; the default.
        ///
        /// @return this
        public Builder constant() {
            return arrive(FerryBindings.FERRY_NIC_CONSTANT(), 1, null);
        }

        /// Frames come as a Poisson process, as of many links in one: closer than one line would have them, too.
        ///
        /// @return this
        public Builder poisson() {
            return arrive(FerryBindings.FERRY_NIC_POISSON(), 1, null);
        }

        /// Frames come back to back in bursts, with random gaps between these.
        ///
        /// @param meanLength frames in a burst, on average, 1 to 65,536
        /// @return this
        public Builder bursty(int meanLength) {
            return arrive(FerryBindings.FERRY_NIC_BURSTY(), FramePoolBuilder.check("meanLength", meanLength, 1,
                    FerryBindings.FERRY_NIC_BURST_MAX()), null);
        }

        /// Frames come with the sizes and gaps of a capture: once, or again and again until there were as many as
        /// [#frames(long)] says. Load and frameBytes have no meaning then. The file is read when a bridge is opened.
        ///
        /// @param file pcap or pcapng
        /// @return this
        public Builder replay(Path file) {
            return arrive(FerryBindings.FERRY_NIC_CAPTURE(), 1, Objects.requireNonNull(file, "file"));
        }

        private Builder arrive(int how, int meanLength, Path file) {
            arrivals = how;
            burst = meanLength;
            capture = file;
            return this;
        }

        /// How many frames arrive; default 0, without end.
        ///
        /// @param count 0 or more
        /// @return this
        public Builder frames(long count) {
            frames = check("frames", count, 0, Long.MAX_VALUE);
            return this;
        }

        /// What random gaps come from; default 1.
        ///
        /// @param seed any
        /// @return this
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /// Frames that the card holds before it drops; default 512.
        ///
        /// @param depth 1 to 65,536
        /// @return this
        public Builder rxFifo(int depth) {
            rxFifo = FramePoolBuilder.check("rxFifo", depth, 1, FerryBindings.FERRY_NIC_FIFO_MAX());
            return this;
        }

        /// Frames on their way out that the card holds; default 512.
        ///
        /// @param depth 1 to 65,536
        /// @return this
        public Builder txFifo(int depth) {
            txFifo = FramePoolBuilder.check("txFifo", depth, 1, FerryBindings.FERRY_NIC_FIFO_MAX());
            return this;
        }

        /// Virtual time instead of real time.
        ///
        /// @return this
        public Builder virtualTime() {
            virtualTime = true;
            return this;
        }

        /// What the cycles below are of; default 1.2 GHz.
        ///
        /// @param hz cycles a second, 1 MHz to 100 GHz
        /// @return this
        public Builder processor(long hz) {
            processor = check("processor", hz, 1_000_000, 100_000_000_000L);
            return this;
        }

        /// What taking an interrupt costs, in both clocks; default 0.
        ///
        /// @param cycles of the processor, 0 or more
        /// @return this
        public Builder interruptCycles(int cycles) {
            interruptCycles = FramePoolBuilder.check("interruptCycles", cycles, 0, Integer.MAX_VALUE);
            return this;
        }

        /// What asking the card for frames costs in virtual time; default 0.
        ///
        /// @param cycles of the processor, 0 or more
        /// @return this
        public Builder lookCycles(int cycles) {
            lookCycles = FramePoolBuilder.check("lookCycles", cycles, 0, Integer.MAX_VALUE);
            return this;
        }

        /// What each received frame costs in virtual time; default 0.
        ///
        /// @param cycles of the processor, 0 or more
        /// @return this
        public Builder frameCycles(int cycles) {
            frameCycles = FramePoolBuilder.check("frameCycles", cycles, 0, Integer.MAX_VALUE);
            return this;
        }

        /// What arming or disarming the interrupt costs in virtual time; default 0.
        ///
        /// @param cycles of the processor, 0 or more
        /// @return this
        public Builder armCycles(int cycles) {
            armCycles = FramePoolBuilder.check("armCycles", cycles, 0, Integer.MAX_VALUE);
            return this;
        }

        /// {@return a card of these options}
        public SimulatedNic build() {
            return new SimulatedNic(new Builder(this));
        }

        private static long check(String name, long value, long min, long max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " " + value + " is not in " + min + " .. " + max);
            }
            return value;
        }

        private void write(MemorySegment config, Arena arena) {
            boolean replays = capture != null;
            ferry_nic_config.capture(config, replays ? arena.allocateFrom(capture.toString()) : MemorySegment.NULL);
            ferry_nic_config.frames(config, frames);
            ferry_nic_config.seed(config, seed);
            ferry_nic_config.processor_hz(config, processor);
            ferry_nic_config.line_rate(config, lineRate);
            ferry_nic_config.load(config, load);
            ferry_nic_config.frame_bytes(config, frameBytes);
            ferry_nic_config.arrivals(config, arrivals);
            ferry_nic_config.burst(config, burst);
            ferry_nic_config.rx_fifo(config, rxFifo);
            ferry_nic_config.tx_fifo(config, txFifo);
            ferry_nic_config.virtual_time(config, virtualTime ? 1 : 0);
            ferry_nic_config.interrupt_cycles(config, interruptCycles);
            ferry_nic_config.look_cycles(config, lookCycles);
            ferry_nic_config.frame_cycles(config, frameCycles);
            ferry_nic_config.arm_cycles(config, armCycles);
        }

        @Override
        public String toString() {
            String arrive = capture != null ? capture.toString()
                    : arrivals == FerryBindings.FERRY_NIC_POISSON() ? "Poisson"
                            : arrivals == FerryBindings.FERRY_NIC_BURSTY() ? "bursts of " + burst : "constant";
            return lineRate + " Mb/s, " + arrive + (virtualTime ? ", virtual time" : "");
        }
    }
}
