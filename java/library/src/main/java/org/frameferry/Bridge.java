// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_address;
import org.frameferry.bindings.ferry_bridge_config;

/// One device with its receive ring and its send ring, seen from Java.
///
/// [#receive(FrameBatch, Duration)] gives the frames of the previous batch back to the pool and takes the next ones, and
/// [#send(FrameBatch)] hands a batch over: each is one foreign call, whatever the size of the batch. Nothing is allocated.
///
/// The receive end belongs to the thread that first receives, the send end to the one that first sends, until it is unbound;
/// other threads get a [WrongThreadException]. In mode [Mode#INLINE] both ends belong to one thread. Everything else may be
/// called by any thread.
public final class Bridge implements AutoCloseable {
    /// Who drives the device.
    public enum Mode {
        /// A native thread of the bridge's own, which sleeps when there is nothing to do.
        THREADED,
        /// The thread that receives and sends, in the same call: run to completion. Best where cores are few.
        INLINE
    }

    /// How descriptors get from one language to the other.
    public enum Crossing {
        /// One foreign call a batch into a ring that C works.
        BATCHED,
        /// Java works the ring itself; only giving frames back, waiting and waking are calls.
        MAPPED
    }

    private static final VarHandle COALESCING;

    static {
        try {
            COALESCING = MethodHandles.lookup().findVarHandle(Bridge.class, "coalescing", CoalescingSender.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FramePool pool;
    private final BridgeLife life;
    private final Mode mode;
    private final Crossing crossing;
    private final InetSocketAddress localAddress;
    private final Receiver receiver;
    private final Sender sender;
    private final Events.Drops drops;
    private final int number;
    private final Flags flags;
    private volatile CoalescingSender coalescing; // has the send end for itself

    private Bridge(FramePool pool, Builder options, int number, InetSocketAddress localAddress) {
        this.pool = pool;
        String name = "bridge " + number + " over " + options.device;
        JavaDriver driver = options.device instanceof JavaDevice java ? new JavaDriver(java, pool, number, name) : null;
        this.life = new BridgeLife(pool, number, name, driver);
        this.mode = options.mode;
        this.crossing = options.crossing;
        this.localAddress = localAddress;
        this.number = number;
        flags = new Flags(pool, number, driver == null && !(options.device instanceof Loop));
        boolean oneThread = mode == Mode.INLINE;
        ThreadBinding receiving = new ThreadBinding(oneThread ? "an inline bridge" : "the receive end of this bridge");
        ThreadBinding sending = oneThread ? receiving : new ThreadBinding("the send end of this bridge");
        boolean inline = oneThread && driver == null; // whether a poll drives the device
        int sends = options.device instanceof Loop ? FerryBindings.FERRY_RX() : FerryBindings.FERRY_TX(); // which ring
        int waits = driver == null ? FerryBindings.FERRY_TX() : FerryBindings.FERRY_RX(); // is always empty
        receiver = new Receiver(life, pool, number, inline, ring(number, FerryBindings.FERRY_RX(), false), driver, receiving,
                new Idler(pool.handle(), number, FerryBindings.FERRY_RX(), options.waitStrategy));
        sender = new Sender(life, pool, number, inline, ring(number, sends, true), driver, sending,
                new Idler(pool.handle(), number, waits, options.waitStrategy));
        life.begin(receiver, sender);
        drops = new Events.Drops(pool, this);
    }

    private MappedRing ring(int number, int which, boolean producer) {
        if (crossing == Crossing.BATCHED) {
            return null;
        }
        Slab.Geometry g = pool.geometry();
        long area = g.bridgeOffset() + number * g.bridgeBytes();
        boolean tx = which == FerryBindings.FERRY_TX();
        return new MappedRing(pool.control(), area + FerryBindings.FERRY_BRIDGE_ERROR(), area + (tx ? FerryBindings.FERRY_RING_BYTES() : 0),
                area + (tx ? g.txSlots() : g.rxSlots()), g.ringCapacity(), producer);
    }

    /// Opens a bridge with the defaults of [#builder(FramePool, Device)].
    ///
    /// @param pool where received frames come from
    /// @param device what to open
    /// @return an open bridge
    /// @throws FerryException if the device cannot be opened; the message says why
    /// @throws ClosedException if the pool is closed
    public static Bridge open(FramePool pool, Device device) {
        return builder(pool, device).open();
    }

    /// {@return a builder: threaded, batched, a budget of 64 frames a round, blocking waits}
    ///
    /// @param pool where received frames come from
    /// @param device what to open
    public static Builder builder(FramePool pool, Device device) {
        return new Builder(pool, device);
    }

    /// {@return an empty batch for up to `capacity` frames of this bridge's pool}
    ///
    /// @param capacity 1 to 1024
    public FrameBatch newBatch(int capacity) {
        return pool.newBatch(capacity);
    }

    /// Gives the batch's frames back and takes what has come in, without waiting.
    ///
    /// @param batch of this bridge's pool
    /// @return frames received, 1 to `batch.capacity()`; 0 when there are none now; -1 when the bridge is closed and drained
    /// @throws FerryException if the device has failed and is drained, or the ring held something else than frames, which is
    ///         thrown away: the batch has the others
    /// @throws WrongThreadException if the receive end, or the batch, belongs to another thread
    /// @throws ForeignFrameException if the batch is of another pool
    public int receive(FrameBatch batch) {
        return receiver.receive(batch, 0);
    }

    /// As [#receive(FrameBatch)], but waits for the first frame.
    ///
    /// An interrupt ends the wait: the result is 0, and the thread's interrupt status stays set.
    ///
    /// @param batch of this bridge's pool
    /// @param patience how long to wait at most
    /// @return frames received, 1 to `batch.capacity()`; 0 when none came in time; -1 when the bridge is closed and drained
    /// @throws FerryException if the device has failed and is drained, or the ring held something else than frames, which is
    ///         thrown away: the batch has the others
    /// @throws WrongThreadException if the receive end, or the batch, belongs to another thread
    /// @throws ForeignFrameException if the batch is of another pool
    public int receive(FrameBatch batch, Duration patience) {
        return receiver.receive(batch, TimeUnit.NANOSECONDS.convert(patience)); // for ever, if that is too long
    }

    /// Hands the first frames of the batch to the device, as many as there is room for, without waiting. They leave the
    /// batch, the rest stays. A received batch can be sent as it is: nothing is copied.
    ///
    /// @param batch of this bridge's pool
    /// @return frames taken, 0 to `batch.size()`
    /// @throws ClosedException if the bridge is closed; the batch still has its frames
    /// @throws FerryException if the device has failed
    /// @throws WrongThreadException if the send end, or the batch, belongs to another thread
    /// @throws ForeignFrameException if the batch is of another pool
    public int send(FrameBatch batch) {
        claimSender();
        return sender.send(batch, 0);
    }

    /// As [#send(FrameBatch)], but waits until all frames are taken. An interrupt ends the wait.
    ///
    /// @param batch of this bridge's pool
    /// @param patience how long to wait at most
    /// @return frames taken, 0 to `batch.size()`
    /// @throws ClosedException if the bridge is closed; the batch still has the frames that were not taken
    /// @throws FerryException if the device has failed
    /// @throws WrongThreadException if the send end, or the batch, belongs to another thread
    /// @throws ForeignFrameException if the batch is of another pool
    public int send(FrameBatch batch, Duration patience) {
        claimSender();
        return sender.send(batch, TimeUnit.NANOSECONDS.convert(patience));
    }

    /// Binds the send end to this thread, unless a coalescing sender has it. The second look is what keeps the two apart:
    /// the sender comes by writing `coalescing` and reading the binding, a thread by writing the binding and reading
    /// `coalescing`, so that one of them sees the other.
    private void claimSender() {
        checkVacant();
        sender.claim();
        checkVacant();
    }

    private void checkVacant() {
        if (coalescing != null) {
            throw occupied();
        }
    }

    private IllegalStateException occupied() {
        return new IllegalStateException("the send end of " + life + " belongs to a CoalescingSender: submit the frames "
                + "to it, or close it");
    }

    /// Gives the send end to a coalescing sender, alone.
    void occupy(CoalescingSender user) {
        if (isClosed()) {
            throw new ClosedException(life + " is closed");
        }
        if (!COALESCING.compareAndSet(this, null, user)) {
            throw occupied();
        }
        try {
            sender.claim();
        } catch (WrongThreadException e) {
            coalescing = null;
            throw e;
        }
    }

    /// Takes it back.
    void vacate(CoalescingSender user) {
        sender.seize();
        sender.unbind();
        COALESCING.compareAndSet(this, user, null);
    }

    /// For the coalescing sender, whose threads take turns under its lock.
    int sendFor(FrameBatch batch) {
        batch.seize();
        sender.seize();
        return sender.send(batch, 0);
    }

    /// Lets another thread receive: the next one that does. In mode [Mode#INLINE], and send.
    ///
    /// @throws WrongThreadException if the receive end belongs to another thread
    public void unbindReceiver() {
        receiver.unbind();
    }

    /// Lets another thread send: the next one that does. In mode [Mode#INLINE], and receive.
    ///
    /// @throws WrongThreadException if the send end belongs to another thread
    /// @throws IllegalStateException if it belongs to a [CoalescingSender]
    public void unbindSender() {
        checkVacant();
        sender.unbind();
    }

    /// {@return the counters, as of now or as of [#close()]}
    public BridgeStatistics statistics() {
        return life.statistics();
    }

    /// {@return the address that the device is bound to; null if it has none}
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /// {@return who drives the device}
    public Mode mode() {
        return mode;
    }

    /// {@return how descriptors cross}
    public Crossing crossing() {
        return crossing;
    }

    /// {@return whether [#close()] was called}
    public boolean isClosed() {
        return life.isClosed();
    }

    /// Stops the device, offering it once what is still queued to be sent, and wakes whoever waits. A receiver in another
    /// thread still receives what came before; then `receive` returns -1. If there is none, what is left goes back to the
    /// pool at once. Closing twice does nothing.
    ///
    /// The bridge keeps its place in the pool ([FramePoolBuilder#bridges(int)]) until the threads that other ends belong to
    /// have ended, have unbound them, or have seen that it is closed.
    @Override
    public void close() {
        if (life.close()) {
            pool.remove(this);
        }
    }

    /// Opens a device that is Java. A native one has been opened before its bridge.
    private void openDevice() {
        try {
            life.openDevice();
        } catch (FerryException | Error e) {
            close();
            throw e;
        }
    }

    /// Leaves the pool if it is closed and nobody keeps its place any more.
    void reclaimIfQuiet() {
        if (life.reclaimIfQuiet()) {
            pool.remove(this);
        }
    }

    BridgeLife life() {
        return life;
    }

    /// {@return how many frames it took out of the pool itself} What comes over a loop, or from a device that is Java,
    /// was leased.
    long taken(BridgeStatistics statistics) {
        return flags.isDriven() ? statistics.rxFrames() : 0;
    }

    BridgeSnapshot snapshot() {
        return BridgeSnapshot.of(this, number, pool.geometry().ringCapacity(), flags);
    }

    Events.Drops drops() {
        return drops;
    }

    @Override
    public String toString() {
        return life.toString();
    }

    /// Configures a bridge. Not for several threads.
    public static final class Builder {
        private static final int SPARE_CORES = 3; // with fewer, spinning takes the core that the other side needs
        private static final int SPIN_NANOS = 15_000; // about what waking a thread costs
        private static final Duration MODERATION_MAX = Duration.ofNanos(FerryBindings.FERRY_MODERATION_MAX());

        private final FramePool pool;
        private final Device device;
        private Mode mode = Mode.THREADED;
        private Crossing crossing = Crossing.BATCHED;
        private int budget = 64;
        private WaitStrategy waitStrategy = WaitStrategy.BLOCK;
        private int moderationNanos;

        private Builder(FramePool pool, Device device) {
            this.pool = Objects.requireNonNull(pool, "pool");
            this.device = Objects.requireNonNull(device, "device");
        }

        /// Who drives the device; default [Mode#THREADED].
        ///
        /// @param mode not null
        /// @return this
        public Builder mode(Mode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /// How descriptors cross; default [Crossing#BATCHED].
        ///
        /// @param crossing not null
        /// @return this
        public Builder crossing(Crossing crossing) {
            this.crossing = Objects.requireNonNull(crossing, "crossing");
            return this;
        }

        /// Frames that one round of the poller moves at most, each way; default 64.
        ///
        /// @param frames 1 to 4096
        /// @return this
        public Builder budget(int frames) {
            budget = FramePoolBuilder.check("budget", frames, 1, FerryBindings.FERRY_BUDGET_MAX());
            return this;
        }

        /// What a thread does while there is nothing for it; default [WaitStrategy#BLOCK].
        ///
        /// @param strategy not null
        /// @return this
        public Builder waitStrategy(WaitStrategy strategy) {
            waitStrategy = Objects.requireNonNull(strategy, "strategy");
            return this;
        }

        /// How long to let arrivals gather; default zero.
        ///
        /// After a round that brought something, but less than its budget, the device's interrupt stays off for so long,
        /// as with a network card's `rx-usecs`. A receiver that is faster than its source sleeps and wakes for every few
        /// frames otherwise, and each time costs as much as receiving several. What arrives after an idle time is not
        /// delayed. In mode [Mode#INLINE] it takes effect with [WaitStrategy#BLOCK], and Linux adds up to 50 us of its own.
        ///
        /// @param moderation 0 to 10 ms
        /// @return this
        public Builder moderation(Duration moderation) {
            if (moderation.isNegative() || moderation.compareTo(MODERATION_MAX) > 0) {
                throw new IllegalArgumentException("moderation " + moderation + " is not in PT0S .. " + MODERATION_MAX);
            }
            moderationNanos = (int) moderation.toNanos();
            return this;
        }

        /// {@return an open bridge}
        ///
        /// @throws FerryException if the device cannot be opened; the message says why
        /// @throws ClosedException if the pool is closed
        public Bridge open() {
            NativeGate.prepareEnds();
            pool.reclaimBridges();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bound = arena.allocate(ferry_address.layout());
                MemorySegment opened = switch (device) {
                    case Udp udp -> udp.open(bound);
                    case SimulatedNic nic -> openNic(nic);
                    case Loop loop -> openLoop(loop);
                    case LoadedDevice loaded -> loaded.open(arena);
                    case JavaDevice java -> openJava(java);
                };
                synchronized (pool) { // or its close could miss this bridge, and take what its poller holds for leased
                    return open(opened, bound, arena);
                }
            }
        }

        private Bridge open(MemorySegment opened, MemorySegment bound, Arena arena) {
            int number = FerryBindings.ferry_bridge_open(pool.handle(), opened, config(arena));
            if (number == FerryBindings.FERRY_ECLOSED()) {
                throw pool.closedException();
            }
            checkMode(number);
            NativeGate.check(number, "cannot open a bridge over " + device);
            Bridge bridge =
                    new Bridge(pool, this, number, device instanceof Udp ? Peer.read(bound, 0).address() : null);
            pool.add(bridge);
            bridge.openDevice();
            return bridge;
        }

        private MemorySegment openNic(SimulatedNic nic) {
            if (nic.isVirtual() && mode != Mode.INLINE) {
                throw new IllegalArgumentException("virtual time has no threads: a bridge over " + nic
                        + " must have mode(Bridge.Mode.INLINE)");
            }
            return nic.open();
        }

        private MemorySegment openJava(JavaDevice java) {
            if (mode != Mode.INLINE) {
                throw new IllegalArgumentException("its thread is who receives and sends: a bridge over " + java
                        + " must have mode(Bridge.Mode.INLINE)");
            }
            return Loop.open();
        }

        private MemorySegment openLoop(Loop loop) {
            if (mode == Mode.INLINE) {
                throw new IllegalArgumentException("there is nothing to drive: a bridge over " + loop
                        + " must have mode(Bridge.Mode.THREADED)");
            }
            return Loop.open();
        }

        /// Nothing else that a builder can say is refused with this error: its author wants the device to be driven so.
        private void checkMode(int error) {
            if (error == FerryBindings.FERRY_EINVAL()) {
                throw new IllegalArgumentException("a bridge over " + device + " must have mode(Bridge.Mode.INLINE)");
            }
        }

        private MemorySegment config(Arena arena) {
            boolean inline = mode == Mode.INLINE && !(device instanceof JavaDevice); // which needs no native round
            int flags = (inline ? FerryBindings.FERRY_INLINE() : 0)
                    | (crossing == Crossing.MAPPED ? FerryBindings.FERRY_MAPPED_RX() | FerryBindings.FERRY_MAPPED_TX()
                            : 0);
            boolean spare = Runtime.getRuntime().availableProcessors() >= SPARE_CORES;
            MemorySegment config = arena.allocate(ferry_bridge_config.layout());
            ferry_bridge_config.flags(config, flags);
            ferry_bridge_config.budget(config, budget);
            ferry_bridge_config.moderation_ns(config, moderationNanos);
            ferry_bridge_config.spin_ns(config, waitStrategy == WaitStrategy.BLOCK && spare ? SPIN_NANOS : 0);
            return config;
        }
    }
}
