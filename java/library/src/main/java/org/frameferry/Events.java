// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import jdk.jfr.Timespan;

/// What flight recordings learn of pools and bridges. Any thread.
///
/// The first event of a class costs a tenth of a second where nobody records, for the JDK then loads what describes it. So
/// nothing here is touched before [#areOn()].
final class Events {
    private static boolean watching; // the keeper's

    private Events() {
    }

    /// Whether flight recordings are in use: a plain look. They can be from any time on.
    static boolean areOn() {
        return FlightRecorder.isInitialized();
    }

    @Name("org.frameferry.Miss")
    @Label("Miss")
    @Category("Frameferry")
    @Description("Frames were asked for when none was free")
    @Throttle("100/s") // an empty pool can be asked millions of times a second; its statistics have the count
    private static final class Miss extends Event {
        @Label("Pool")
        String pool;
        @Label("Frames")
        int frames;
        @Label("Outside")
        @Description("Answered with memory from outside the pool")
        boolean outside;
    }

    static void miss(String pool, int frames, boolean outside) {
        Miss event = new Miss();
        event.pool = pool;
        event.frames = frames;
        event.outside = outside;
        event.commit();
    }

    @Name("org.frameferry.ExhaustionWait")
    @Label("Exhaustion Wait")
    @Category("Frameferry")
    @Description("A lease found no frame free, and waited for one")
    private static final class ExhaustionWait extends Event {
        @Label("Pool")
        String pool;
        @Label("Patience")
        @Description("How long it would have waited")
        @Timespan(Timespan.NANOSECONDS)
        long patience;
        @Label("Leased")
        @Description("Whether a frame came back in time")
        boolean leased;
    }

    static long exhaustionWait(FramePool pool, long patience) {
        ExhaustionWait event = new ExhaustionWait();
        event.pool = pool.name();
        event.patience = patience;
        event.begin();
        long descriptor = pool.magazines().takePatiently(patience);
        event.leased = descriptor != 0;
        event.commit();
        return descriptor;
    }

    @Name("org.frameferry.Leak")
    @Label("Leak")
    @Category("Frameferry")
    @Description("A lease was collected unreleased; its frames were recovered")
    @StackTrace(false) // it would be the keeper's
    private static final class Leak extends Event {
        @Label("Pool")
        String pool;
        @Label("Frames")
        int frames;
        @Label("Place")
        @Description("Where it was leased, by which thread")
        String place;
    }

    static void leak(FrameLeak leak) {
        if (areOn()) {
            StringBuilder place = new StringBuilder(leak.place().getMessage());
            for (StackTraceElement element : leak.place().getStackTrace()) {
                place.append("\n\tat ").append(element);
            }
            Leak event = new Leak();
            event.pool = leak.pool();
            event.frames = leak.frames();
            event.place = place.toString();
            event.commit();
        }
    }

    @Name("org.frameferry.Trim")
    @Label("Trim")
    @Category("Frameferry")
    @Description("Magazines gave frames back because they rested, were too many, or had lost their thread")
    @StackTrace(false)
    private static final class Trim extends Event {
        @Label("Pool")
        String pool;
        @Label("Frames")
        int frames;
        @Label("Pressed")
        @Description("The limits of a pressed pool held: see PoolTuning")
        boolean pressed;
    }

    static void trim(String pool, int frames, boolean pressed) {
        Trim event = new Trim();
        event.pool = pool;
        event.frames = frames;
        event.pressed = pressed;
        event.commit();
    }

    @Name("org.frameferry.Drop")
    @Label("Drop")
    @Category("Frameferry")
    @Description("Frames that a bridge has dropped since the event before, or since it opened")
    @StackTrace(false)
    @Period("1 s")
    private static final class Drop extends Event {
        @Label("Pool")
        String pool;
        @Label("Bridge")
        String bridge;
        @Label("Received, No Frame Free")
        long rxNoFrame;
        @Label("Received, Ring Full")
        long rxRingFull;
        @Label("Received, Longer Than A Frame")
        long rxOversize;
        @Label("Received, By The Device")
        long rxDevice;
        @Label("Sent, Refused Or Queued At The End")
        long tx;
    }

    /// What one bridge has told of its drops. Any thread.
    static final class Drops {
        private final FramePool pool;
        private final Bridge bridge;
        private BridgeStatistics told; // null: nothing yet; under the monitor

        Drops(FramePool pool, Bridge bridge) {
            this.pool = pool;
            this.bridge = bridge;
        }

        /// If anybody listens, and there is anything to tell.
        synchronized void tell() {
            if (!areOn()) {
                return;
            }
            Drop event = new Drop();
            BridgeStatistics now = bridge.statistics();
            if (event.isEnabled() && fill(event, now)) {
                told = now;
                event.commit();
            }
        }

        private boolean fill(Drop event, BridgeStatistics now) {
            boolean first = told == null;
            event.pool = pool.name();
            event.bridge = bridge.toString();
            event.rxNoFrame = now.rxDroppedNoFrame() - (first ? 0 : told.rxDroppedNoFrame());
            event.rxRingFull = now.rxDroppedRingFull() - (first ? 0 : told.rxDroppedRingFull());
            event.rxOversize = now.rxDroppedOversize() - (first ? 0 : told.rxDroppedOversize());
            event.rxDevice = now.rxDroppedDevice() - (first ? 0 : told.rxDroppedDevice());
            event.tx = now.txDropped() - (first ? 0 : told.txDropped());
            return event.rxNoFrame + event.rxRingFull + event.rxOversize + event.rxDevice + event.tx != 0;
        }
    }

    /// The keeper, every few seconds: has bridges asked for their drops as soon as there are recordings.
    static void watch() {
        if (!watching && areOn()) {
            watching = true;
            FlightRecorder.addPeriodicEvent(Drop.class, () -> Keeper.forEach(FramePool::tellDrops));
        }
    }
}
