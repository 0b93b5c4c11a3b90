// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.frameferry.bindings.FerryBindings;

/// How one end of a bridge waits. Only the end's thread.
///
/// There are two native waits: [FerryBindings#ferry_bridge_wait], and, for the receiver of an inline bridge, the one that
/// [FerryBindings#ferry_bridge_poll] begins with. A platform thread sleeps in native code. [AbstractSelector] is the JDK's way to be told of an interrupt at once: between
/// `begin` and `end`, [Thread#interrupt()] calls `wakeup`, which ends the native wait. A virtual thread must not sleep in
/// native code, where it would hold its carrier: it parks, and a platform thread sleeps in its stead.
final class Idler {
    private final MemorySegment pool;
    private final int bridge;
    private final int what;
    private final WaitStrategy strategy;
    private final InterruptibleWait wait = new InterruptibleWait();
    private volatile Proxy proxy;
    private long calls;

    /// @param what FERRY_RX or FERRY_TX
    Idler(MemorySegment pool, int bridge, int what, WaitStrategy strategy) {
        this.pool = pool;
        this.bridge = bridge;
        this.what = what;
        this.strategy = strategy;
    }

    /// Lets time pass until there may be something to do, `nanos` at most.
    void idle(long nanos) {
        switch (strategy) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> Thread.yield();
            case BLOCK -> call(null, 0, nanos); // an error is for the end to find: it may have frames left
        }
    }

    /// Whether the wait is a native one, so that a poll can begin with it.
    boolean blocks() {
        return strategy == WaitStrategy.BLOCK;
    }

    /// A poll of an inline bridge that begins with a wait if `nanos` is positive: the batch's frames back, new ones in.
    ///
    /// @return as `ferry_bridge_poll`
    long poll(DescriptorArray batch, long nanos) {
        return call(batch, batch.capacity, nanos);
    }

    /// A poll of an inline bridge that only sends; the batch stays as it is.
    ///
    /// @return as `ferry_bridge_poll`
    long transmit(DescriptorArray batch) {
        return call(batch, 0, 0);
    }

    private long call(DescriptorArray batch, int max, long nanos) {
        calls++;
        if (nanos <= 0) {
            return cross(batch, max, nanos);
        }
        if (!Thread.currentThread().isVirtual()) {
            return wait.call(batch, max, nanos);
        }
        if (proxy == null) {
            proxy = new Proxy();
        }
        return proxy.call(batch, max, nanos);
    }

    private long cross(DescriptorArray batch, int max, long nanos) {
        return batch == null ? FerryBindings.ferry_bridge_wait(pool, bridge, what, nanos)
                : NativeGate.poll(pool, bridge, batch, max, nanos);
    }

    /// Ends the thread that sleeps for virtual ones. Any thread, when no wait is under way and none will begin.
    void stop() {
        Proxy running = proxy;
        if (running != null) {
            running.stop();
        }
    }

    /// {@return foreign calls made}
    long calls() {
        return calls;
    }

    /// The native wait of a platform thread; a selector in name only.
    private final class InterruptibleWait extends AbstractSelector {
        InterruptibleWait() {
            super(null);
        }

        long call(DescriptorArray batch, int max, long nanos) {
            begin();
            try {
                return cross(batch, max, nanos);
            } finally {
                end();
            }
        }

        @Override
        public Selector wakeup() {
            FerryBindings.ferry_bridge_interrupt(pool, bridge, what);
            return this;
        }

        @Override
        protected void implCloseSelector() {
        }

        @Override
        protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() {
            return 0;
        }

        @Override
        public int select(long timeout) {
            return 0;
        }

        @Override
        public int select() {
            return 0;
        }
    }

    /// A platform thread that sleeps in native code for a virtual one, until [#stop()].
    private final class Proxy {
        private final Thread platform =
                Thread.ofPlatform().daemon().name("frameferry-wait-" + bridge).unstarted(this::run);
        private volatile Thread sleeper; // set: a wait is wanted; null: it is done
        private volatile boolean stopped;
        private DescriptorArray batch;
        private int max;
        private long nanos;
        private long result;

        Proxy() {
            platform.start();
        }

        long call(DescriptorArray batch, int max, long nanos) {
            this.batch = batch;
            this.max = max;
            this.nanos = nanos;
            sleeper = Thread.currentThread(); // publishes the arguments
            boolean interrupted = false;
            while (sleeper != null) { // whatever comes: until then the batch is the platform thread's
                try {
                    interrupted = yieldToPlatform() || interrupted;
                } catch (StackOverflowError e) {
                    continue; // without the sleep, then
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return result;
        }

        /// Sleeps until the wait is done, or not so long. Returns whether it was interrupted, which it passes on.
        private boolean yieldToPlatform() {
            LockSupport.unpark(platform);
            LockSupport.park(this);
            if (!Thread.currentThread().isInterrupted()) {
                return false;
            }
            FerryBindings.ferry_bridge_interrupt(pool, bridge, what);
            return Thread.interrupted();
        }

        void stop() {
            stopped = true;
            LockSupport.unpark(platform);
        }

        private void run() {
            while (!stopped) {
                Thread waiting = sleeper;
                if (waiting == null) {
                    LockSupport.park(this);
                } else {
                    result = cross(batch, max, nanos);
                    sleeper = null; // publishes the result
                    LockSupport.unpark(waiting);
                }
            }
        }
    }
}
