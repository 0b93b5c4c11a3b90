// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// A slab of frames of one size, and the free ones among them. Any thread.
///
/// All memory is mapped when the pool is built and becomes resident as it is touched; nothing is allocated afterwards.
/// Each frame has a metadata line of 64 bytes (time of arrival, tag, peer), then headroom, data and tailroom.
///
/// ```java
/// try (FramePool pool = FramePool.builder().frames(1024).frameSize(1500).build()) {
///     try (Frame frame = pool.lease()) {           // tryLease(): null when none is free; lease(Duration): waits
///         frame.copyIn(payload).push(17);          // room for a header in front of the payload
///         frame.memory().set(ValueLayout.JAVA_BYTE, frame.offset(), VERSION);
///         process(frame);
///     }                                            // back in the pool
/// }
/// ```
public final class FramePool implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Slab slab;
    private final String name;
    private final Generations generations;
    private final Magazines magazines;
    private final PoolTuning tuning;
    private final Leaks leaks;
    private final Overflow overflow;
    private final boolean zero;
    private final LongSupplier clock; // null: the system's
    private final Meter meter = new Meter(this);
    private volatile long latency; // the last one recorded, in nanoseconds
    private volatile long latencyAt;
    private volatile boolean closing;
    private volatile boolean closed;
    private PoolBean bean; // null: not registered

    FramePool(FramePoolBuilder options) {
        slab = options.map();
        name = options.name != null ? options.name : "pool-" + NUMBER.incrementAndGet();
        generations = new Generations(slab.geometry().frames());
        tuning = new PoolTuning(options.leakTracking, this);
        magazines = new Magazines(this, tuning.magazines());
        leaks = new Leaks(this, options.leakListener);
        overflow = options.overflow;
        zero = options.zero;
        clock = options.clock;
        retune();
        if (zero) {
            magazines.bypass();
        }
    }

    /// {@return a builder with 4096 frames of 2048 bytes}
    ///
    /// @throws FerryException if the native library cannot be loaded; the message says why
    public static FramePoolBuilder builder() {
        NativeLibrary.require(); // before the ranges, which stand in the bindings, are asked for
        return new FramePoolBuilder();
    }

    /// {@return the pool's name}
    public String name() {
        return name;
    }

    /// {@return how many frames the pool has}
    public int frames() {
        return slab.geometry().frames();
    }

    /// {@return bytes of data that a new frame holds}
    public int frameSize() {
        return slab.geometry().frameSize();
    }

    /// {@return bytes in front of a new frame's data}
    public int headroom() {
        return slab.geometry().headroom();
    }

    /// {@return bytes from one frame to the next: an odd number of cache lines}
    public int stride() {
        return slab.geometry().stride();
    }

    /// {@return the memory of all frames; access throws [IllegalStateException] once the pool is closed}
    public MemorySegment memory() {
        return slab.data();
    }

    /// {@return an empty batch for up to `capacity` frames of this pool}
    ///
    /// @param capacity 1 to 1024
    public FrameBatch newBatch(int capacity) {
        return new FrameBatch(this, capacity);
    }

    // ---- leasing ----

    /// {@return a handle that holds nothing yet, for [#tryLease(Frame)]}
    public Frame newFrame() {
        return new Frame(this, (FrameBatch) null);
    }

    /// Leases a frame: empty (length 0), with the pool's headroom, without a peer; its bytes are whatever they were. Never
    /// blocks.
    ///
    /// While a bridge is open, its poller may keep up to 128 free frames for the moment: whoever must have one waits a little,
    /// with [#lease(Duration)].
    ///
    /// The returned handle is a new object of 64 bytes, unless the compiler finds that it does not leave the method.
    ///
    /// @return a frame that must be released, or null when none is free
    /// @throws ClosedException if the pool is closed
    public Frame tryLease() {
        long descriptor = magazines.take();
        Special special = null;
        if (descriptor == 0) {
            descriptor = takeSlowly(0);
            special = descriptor <= 0 ? special(descriptor) : null;
            if (descriptor == 0 && special == null) {
                return null;
            }
        }
        return new Frame(this, descriptor & ~Magazine.SAMPLE, special);
    }

    /// As [#tryLease()], into a handle that was released, or is new: allocates nothing. Whoever has the handle has the
    /// lease. One thread at a time: of two leases into one handle at once, one can stay out for good.
    ///
    /// @param frame of this pool
    /// @return whether a frame was free
    /// @throws ClosedException if the pool is closed
    /// @throws IllegalStateException if `frame` is still leased
    /// @throws IllegalArgumentException if `frame` belongs to a batch
    /// @throws ForeignFrameException if `frame` is another pool's
    public boolean tryLease(Frame frame) {
        if (frame.pool() != this) {
            throw new ForeignFrameException("a frame of another pool cannot be leased from this one");
        }
        frame.checkFree();
        long descriptor = magazines.take();
        Special special = null;
        if (descriptor == 0) {
            descriptor = takeSlowly(0);
            special = descriptor <= 0 ? special(descriptor) : null;
            if (descriptor == 0 && special == null) {
                return false;
            }
        }
        frame.renew(descriptor & ~Magazine.SAMPLE, special);
        return true;
    }

    /// As [#tryLease()], but never null.
    ///
    /// @return a frame that must be released
    /// @throws PoolExhaustedException if none is free
    /// @throws ClosedException if the pool is closed
    public Frame lease() {
        return lease(Duration.ZERO);
    }

    /// As [#lease()], but waits until a frame comes back. An interrupt ends the wait, and stays set.
    ///
    /// @param patience how long to wait at most
    /// @return a frame that must be released
    /// @throws PoolExhaustedException if none came back in time
    /// @throws ClosedException if the pool is closed
    public Frame lease(Duration patience) {
        Objects.requireNonNull(patience, "patience"); // before a frame is taken
        long descriptor = magazines.take();
        Special special = null;
        if (descriptor == 0) {
            descriptor = takeSlowly(TimeUnit.NANOSECONDS.convert(patience));
            special = descriptor <= 0 ? special(descriptor) : null;
            if (descriptor == 0 && special == null) {
                throw exhausted(patience);
            }
        }
        return new Frame(this, descriptor & ~Magazine.SAMPLE, special);
    }

    /// Leases up to `n` free frames and appends them to `batch`: as [#tryLease()], but all of them with one check. Never
    /// blocks.
    ///
    /// @param batch of this pool
    /// @param n 0 to the room left in the batch
    /// @return how many frames were free, 0 to `n`
    /// @throws IllegalArgumentException if `n` is negative or the batch has no room for `n` more
    /// @throws ForeignFrameException if the batch is another pool's
    /// @throws WrongThreadException if the batch belongs to another thread
    /// @throws ClosedException if the pool is closed
    public int lease(FrameBatch batch, int n) {
        batch.check(this);
        int taken = batch.lease(n);
        if (taken < n) {
            meter.missed(n - taken, false);
        }
        return taken;
    }

    // The methods above are alike but for what they return, and each makes its frame in one place, unseen by others: so
    // the compiler can do without the object where it stays in a method. Everything rare comes here.

    /// A descriptor; negative: of a sample; 0: there is none.
    private long takeSlowly(long patience) {
        boolean timed = magazines.isLeaseTimed();
        long start = timed ? System.nanoTime() : 0;
        long descriptor = magazines.takeSlowly();
        if (descriptor == 0 && patience > 0) {
            descriptor = meter.await(patience);
        }
        if (timed && descriptor != 0) { // and not what follows: of the leases that are timed too many are tracked
            meter.leased(System.nanoTime() - start);
        }
        return descriptor;
    }

    /// For a sample, or instead of a frame that is not there. Null: the first is plain, or the second refused.
    private Special special(long descriptor) {
        if (descriptor != 0) {
            boolean due = leaks.isDue();
            magazines.sampled(due);
            return due ? Special.tracked(this, descriptor & ~Magazine.SAMPLE) : null;
        }
        meter.missed(1, overflow == Overflow.ALLOCATE);
        return overflow == Overflow.REFUSE ? null : outside();
    }

    private Special outside() {
        meter.overflowed();
        return Special.outside(Arena.ofAuto().allocate(stride(), 64), Descriptor.fresh(headroom()));
    }

    /// As [#tryLease()], but never from outside the pool, and a miss is for the caller to count.
    Frame tryLeaseInside() {
        long descriptor = magazines.take();
        if (descriptor == 0) {
            descriptor = takeSlowly(0);
        }
        if (descriptor == 0) {
            return null;
        }
        return new Frame(this, descriptor & ~Magazine.SAMPLE, descriptor < 0 ? special(descriptor) : null);
    }

    private PoolExhaustedException exhausted(Duration patience) {
        return new PoolExhaustedException("no frame of " + name + " is free"
                + (patience.isPositive() ? " after waiting for " + patience : "") + ": " + audit());
    }

    /// A frame that nobody holds any more.
    void takeBack(int index) {
        magazines.give(index);
    }

    /// Frames that nobody holds any more; the array is empty then, whatever comes of it: those of a closed pool are gone with it.
    void takeBack(DescriptorArray descriptors) {
        magazines.give(descriptors);
    }

    // ---- thresholds and figures ----

    /// {@return the thresholds of this pool, to look at and to change}
    public PoolTuning tuning() {
        return tuning;
    }

    /// Tells the pool how long work on a frame takes now, so that it keeps fewer frames in magazines while that is long:
    /// see [PoolTuning#pressedLatency(Duration)]. Never blocks.
    ///
    /// @param latency not negative
    /// @throws IllegalArgumentException if it is
    public void recordLatency(Duration latency) {
        if (latency.isNegative()) {
            throw new IllegalArgumentException("latency " + latency + " is negative");
        }
        this.latency = TimeUnit.NANOSECONDS.convert(latency);
        latencyAt = now();
    }

    private long now() {
        return clock == null ? System.nanoTime() : clock.getAsLong();
    }

    /// A threshold has changed.
    void retune() {
        magazines.tune(tuning.magazines(), tuning.leakTracking().sampling, meter.timing());
    }

    /// The keeper: prepares what leases need to be timed, and trims the magazines. Returns after how many nanoseconds to come again.
    long trim() {
        return trim(now());
    }

    long trim(long now) {
        if (meter.prepare()) {
            retune();
        }
        boolean pressed = latency > TimeUnit.NANOSECONDS.convert(tuning.pressedLatency())
                && now - latencyAt < TimeUnit.NANOSECONDS.convert(tuning.latencyLife());
        long life = TimeUnit.NANOSECONDS.convert(pressed ? tuning.pressedTimeToLive() : tuning.timeToLive());
        meter.trimmed(magazines.trim(now, life, pressed ? tuning.pressedMagazines() : tuning.magazines()), pressed);
        return life / 4;
    }

    /// {@return where every frame is: exact when nothing moves}
    ///
    /// @throws ClosedException if the pool is closed
    public PoolAudit audit() {
        long cached = magazines.cached();
        PoolAudit audit = slab.audit();
        if (audit == null) {
            throw closedException();
        }
        cached = Math.min(cached, audit.leased());
        return new PoolAudit(audit.frames(), audit.free(), audit.cached() + cached, audit.queued(), audit.device(),
                audit.leased() - cached, audit.duplicated(), audit.corrupt());
    }

    /// {@return the figures, as of now or as of [#close()]}
    public PoolStatistics statistics() {
        return meter.statistics();
    }

    // ---- the end ----

    /// {@return whether the pool is closed}
    public boolean isClosed() {
        return closed;
    }

    /// Closes the bridges still open, then the pool: accesses to its memory throw from here on, and the memory goes back to
    /// the system. Closing twice does nothing.
    ///
    /// If it throws, the bridges are closed, the pool is open, and close may be called again.
    ///
    /// @throws LeasesOutstandingException if frames are leased: in batches, or singly
    /// @throws IllegalStateException if another thread is in the middle of an operation of the JDK (a channel's read or
    ///         write) on this pool's memory
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closing = true;
        for (Bridge bridge : meter.bridges()) {
            bridge.close();
        }
        tellDrops();
        magazines.close();
        try {
            checkClosable();
            meter.close();
            slab.close();
            closed = true;
        } finally {
            if (!closed) {
                magazines.open();
                closing = false;
            }
        }
        if (bean != null) {
            bean.unregister();
        }
    }

    /// Throws if frames are leased. Never in the middle of a close by another thread.
    synchronized void checkClosable() {
        PoolAudit audit = closed ? null : audit();
        if (audit != null && audit.leased() != 0) {
            throw outstanding(audit);
        }
    }

    private LeasesOutstandingException outstanding(PoolAudit audit) {
        List<Throwable> places = leaks.places();
        LeasesOutstandingException e = new LeasesOutstandingException(this + " cannot be closed: " + audit.leased()
                + " of its " + audit.frames() + " frames are leased; release them first. " + (places.isEmpty()
                        ? "LeakTracking.EVERY tells where they were leased"
                        : "The suppressed exceptions tell where " + places.size() + " of the leases began"));
        places.forEach(e::addSuppressed);
        return e;
    }

    /// Whether close has begun.
    boolean isClosing() {
        return closing;
    }

    ClosedException closedException() {
        return new ClosedException(name + " (" + frames() + " frames of " + frameSize() + " bytes) is closed");
    }

    @Override
    public String toString() {
        return name + " (" + frames() + " frames of " + frameSize() + " bytes)";
    }

    // ---- for the rest of the library ----

    MemorySegment handle() {
        return slab.handle();
    }

    MemorySegment control() {
        return slab.control();
    }

    Slab.Geometry geometry() {
        return slab.geometry();
    }

    Generations generations() {
        return generations;
    }

    Magazines magazines() {
        return magazines;
    }

    Leaks leaks() {
        return leaks;
    }

    void add(Bridge bridge) {
        meter.bridges().add(bridge);
        magazines.bypass();
        magazines.keep();
    }

    void remove(Bridge bridge) {
        meter.remove(bridge);
        magazines.bypass();
    }

    /// Whether frames must go straight to the depot now.
    boolean isBypassed() {
        return zero || !meter.bridges().isEmpty();
    }

    /// Frees the numbers of closed bridges whose threads have ended.
    void reclaimBridges() {
        for (Bridge bridge : meter.bridges()) {
            bridge.reclaimIfQuiet();
        }
    }

    void tellDrops() {
        for (Bridge bridge : meter.bridges()) {
            bridge.drops().tell();
        }
    }

    /// Registers the pool with the platform's MBean server, until it is closed.
    FramePool register() {
        bean = PoolBean.register(this);
        return this;
    }

    Meter meter() {
        return meter;
    }

    /// Bytes of memory: control words and frames.
    long bytes() {
        return slab.bytes();
    }
}
