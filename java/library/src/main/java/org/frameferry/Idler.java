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
/// A platform thread sleeps in native code. [AbstractSelector] is the JDK's way to be told of an interrupt at once: between
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
    ///
    /// @throws FerryException if the device has failed and there is nothing left
    void idle(long nanos) {
        switch (strategy) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> Thread.yield();
            case BLOCK -> block(nanos);
        }
    }

    private void block(long nanos) {
        calls++;
        if (Thread.currentThread().isVirtual()) {
            if (proxy == null) {
                proxy = new Proxy();
            }
            check(proxy.sleep(nanos));
        } else {
            check(wait.sleep(nanos));
        }
    }

    /// Closed is for the end to find out: it may have frames left.
    private static void check(int result) {
        if (result < 0 && result != FerryBindings.FERRY_ECLOSED()) {
            throw FerryException.of(result, "the device has failed");
        }
    }

    /// Throws if the device has failed, without waiting.
    void checkDevice() {
        check(FerryBindings.ferry_bridge_wait(pool, bridge, what, 0));
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

        int sleep(long nanos) {
            begin();
            try {
                return FerryBindings.ferry_bridge_wait(pool, bridge, what, nanos);
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
        private long nanos;
        private int result;

        Proxy() {
            platform.start();
        }

        int sleep(long nanos) {
            this.nanos = nanos;
            sleeper = Thread.currentThread(); // publishes nanos
            LockSupport.unpark(platform);
            boolean interrupted = false;
            while (sleeper != null) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    interrupted = true;
                    FerryBindings.ferry_bridge_interrupt(pool, bridge, what);
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return result;
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
                    result = FerryBindings.ferry_bridge_wait(pool, bridge, what, nanos);
                    sleeper = null; // publishes the result
                    LockSupport.unpark(waiting);
                }
            }
        }
    }
}
