// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/// Takes single frames and sends them over a bridge a batch at a time: when a batch is full, when the first frame in it has
/// waited for `linger`, when asked, and on close. Any thread.
///
/// A submitted frame belongs to the sender; it is sent once, or taken back by [#cancel(long)], or, if the bridge ends,
/// given back to the pool and counted. Nobody can use it again before native code has done with it.
///
/// While the sender is open it has the bridge's send end for itself: [Bridge#send(FrameBatch)] is refused. One lock guards
/// everything and is never held for long; a thread of the sender's own keeps the linger, and tries again while the bridge
/// has no room.
///
/// ```java
/// try (CoalescingSender sender = CoalescingSender.builder(bridge).frames(4).linger(Duration.ofMillis(5)).open()) {
///     while (source.hasNext()) {
///         Frame frame = pool.lease(PATIENCE);
///         sender.submit(source.next(frame), PATIENCE);
///     }
/// }                                    // sends the rest
/// ```
public final class CoalescingSender implements AutoCloseable {
    /// How often a bridge without room is looked at.
    private static final long RETRY_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private enum Cause {
        FULL, LINGER, ASKED
    }

    private final Bridge bridge;
    private final FrameBatch batch;
    private final long[] tickets; // of the frames in the batch, ascending
    private final long linger;
    private final long drain;
    private final LongSupplier clock;
    private final ToIntFunction<FrameBatch> crossing;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Under the lock.
    private Thread keeper; // null: closed
    private boolean closing; // a close waits for room, without the lock
    private boolean idle; // the keeper sleeps until it is told of a frame
    private long began; // when the first frame of an empty batch came
    private boolean overdue; // what is pending has been refused: it goes as soon as there is room
    private long submitted;
    private long sent;
    private long cancelled;
    private long unsent;
    private final long[] crossings = new long[Cause.values().length];
    private long told; // of the unsent, those of which a caller knows
    private RuntimeException failure; // what ended the bridge

    CoalescingSender(CoalescingSenderBuilder options) {
        bridge = options.bridge;
        batch = bridge.newBatch(options.frames);
        tickets = new long[options.frames];
        linger = options.linger.toNanos();
        drain = TimeUnit.NANOSECONDS.convert(options.drain);
        clock = options.clock;
        crossing = options.crossing;
        open();
    }

    /// {@return a builder: 16 frames, a linger of 20 ms}
    ///
    /// @param bridge where to send, in mode [Bridge.Mode#THREADED]
    /// @throws IllegalArgumentException if the bridge is inline: its one thread sends by itself
    public static CoalescingSenderBuilder builder(Bridge bridge) {
        if (bridge.mode() == Bridge.Mode.INLINE) {
            throw new IllegalArgumentException(bridge + " is inline, so that one thread drives it; a coalescing sender "
                    + "has a thread of its own, and needs Bridge.Mode.THREADED");
        }
        return new CoalescingSenderBuilder(bridge);
    }

    // ---- submitting ----

    /// Takes a frame over, if there is room. Never waits.
    ///
    /// @param frame of the bridge's pool, with its data
    /// @return a ticket for [#cancel(long)], from 0 on; -1 when as many frames are pending as a batch holds, because the bridge
    ///         has no room: the frame is still the caller's
    /// @throws ClosedException if the sender, or the bridge, is closed; the frame is still the caller's
    /// @throws FerryException if the device has failed; the frame is still the caller's
    /// @throws FrameReleasedException if the frame was released
    /// @throws FrameSharedException if the frame is shared
    /// @throws ForeignFrameException if the frame is another pool's, or was allocated outside it
    /// @throws IllegalArgumentException if the frame belongs to a batch: detach it
    public long trySubmit(Frame frame) {
        lock.lock();
        try {
            return hasRoom() ? accept(frame) : -1;
        } finally {
            lock.unlock();
        }
    }

    /// As [#trySubmit(Frame)], but waits for room. An interrupt ends the wait, and stays set.
    ///
    /// @param frame of the bridge's pool, with its data
    /// @param patience how long to wait at most
    /// @return a ticket for [#cancel(long)], from 0 on; -1 when there was no room in time: the frame is still the caller's
    /// @throws ClosedException if the sender, or the bridge, is closed; the frame is still the caller's
    /// @throws FerryException if the device has failed; the frame is still the caller's
    public long submit(Frame frame, Duration patience) {
        long left = TimeUnit.NANOSECONDS.convert(patience);
        long deadline = System.nanoTime() + left;
        lock.lock();
        try {
            while (!hasRoom()) {
                if (left <= 0) {
                    return -1;
                }
                changed.awaitNanos(Math.min(left, RETRY_NANOS));
                left = deadline - System.nanoTime();
            }
            return accept(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        } finally {
            lock.unlock();
        }
    }

    /// Whether one more frame can be pending, after sending what can be sent.
    private boolean hasRoom() {
        checkOpen();
        if (batch.size() == batch.capacity()) {
            push(Cause.FULL);
            checkOpen();
        }
        return batch.size() < batch.capacity();
    }

    private long accept(Frame frame) {
        batch.seize();
        batch.add(frame);
        long ticket = submitted++;
        tickets[batch.size() - 1] = ticket;
        if (batch.size() == 1) {
            began = clock.getAsLong();
            overdue = false;
            // Only who sleeps without a limit: with one, it wakes no later than this frame is due. So it is woken once a
            // linger at most, and not for each batch, which would cost more than the batch.
            if (idle) {
                rouse();
            }
        }
        if (batch.size() == batch.capacity()) {
            push(Cause.FULL);
        }
        return ticket;
    }

    /// Takes a frame back that is still pending, and gives it to the pool.
    ///
    /// @param ticket of the submitted frame
    /// @return true: it will not be sent. False: native code has it, or had it, and gives it to the pool when it is done with
    ///         it; or it was cancelled before
    public boolean cancel(long ticket) {
        lock.lock();
        try {
            for (int i = 0; i < batch.size(); i++) {
                if (tickets[i] == ticket) {
                    batch.seize();
                    batch.detach(i).release();
                    System.arraycopy(tickets, i + 1, tickets, i, batch.size() - i);
                    cancelled++;
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    // ---- sending ----

    /// Sends what is pending now, as far as the bridge has room. Never waits.
    ///
    /// @return how many frames are still pending; they are sent as soon as there is room
    /// @throws ClosedException if the sender, or the bridge, is closed
    /// @throws FerryException if the device has failed
    public int flush() {
        lock.lock();
        try {
            checkOpen();
            push(Cause.ASKED);
            checkOpen();
            return batch.size();
        } finally {
            lock.unlock();
        }
    }

    /// Sends what fits. If the bridge has ended, what is pending goes back to the pool.
    private void push(Cause cause) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            int n = crossing.applyAsInt(batch);
            System.arraycopy(tickets, n, tickets, 0, batch.size());
            sent += n;
            crossings[cause.ordinal()] += n != 0 ? 1 : 0;
            if (!batch.isEmpty() && !overdue) {
                overdue = true;
                rouse();
            }
        } catch (ClosedException | FerryException e) {
            failure = e;
            giveBack();
        }
    }

    private void rouse() {
        idle = false;
        changed.signalAll();
    }

    private void giveBack() {
        unsent += batch.size();
        batch.seize();
        batch.release();
    }

    /// How long until what is pending must be sent; not positive: now.
    private long due() {
        return overdue ? 0 : began + linger - clock.getAsLong();
    }

    /// The sender's thread. It sleeps until there is something that will be due, then until it is.
    private void keepLinger() {
        lock.lock();
        try {
            while (keeper == Thread.currentThread() && failure == null) {
                if (batch.isEmpty()) {
                    idle = true;
                    changed.awaitUninterruptibly();
                } else if (!lingered()) {
                    long due = due();
                    sleep(due > 0 ? due : RETRY_NANOS);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of the lock for so long. Returns whether it was interrupted, which ends neither the keeper nor a close.
    private boolean sleep(long nanos) {
        try {
            changed.awaitNanos(nanos);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /// Sends what is due. Returns whether everything was sent.
    boolean lingered() {
        lock.lock();
        try {
            if (due() <= 0) {
                push(Cause.LINGER);
            }
            return batch.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    // ---- opening and closing ----

    /// Opens the sender again after [#close()]; waits for one that is under way. If it is open, nothing happens.
    ///
    /// @throws ClosedException if the bridge is closed
    /// @throws IllegalStateException if another sender has the bridge's send end
    /// @throws WrongThreadException if another thread has it: [Bridge#unbindSender()]
    public void open() {
        lock.lock();
        try {
            awaitClosed();
            if (keeper == null) {
                bridge.occupy(this);
                failure = null;
                keeper = Thread.ofPlatform().daemon().name("frameferry-linger").unstarted(this::keepLinger);
                keeper.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Refuses newcomers, sends what is pending, waiting for room if need be, and lets go of the bridge's send end. An
    /// interrupt does not end the wait, and stays set. Closing twice does nothing, but waits for the first.
    ///
    /// @throws IllegalStateException if the bridge ended, or had no room for as long as [CoalescingSenderBuilder#drain(Duration)] says, before
    ///         everything was sent; the rest is back in the pool. The sender is closed all the same.
    @Override
    public void close() {
        Thread thread;
        long lost;
        lock.lock();
        try {
            awaitClosed();
            if (keeper == null) {
                return;
            }
            thread = keeper;
            keeper = null;
            closing = true;
            rouse();
            drain();
            giveBack();
            batch.unbind();
            bridge.vacate(this);
            closing = false;
            changed.signalAll();
            lost = unsent - told;
            told = unsent;
        } finally {
            lock.unlock();
        }
        join(thread);
        if (lost != 0) {
            throw new IllegalStateException(lost + " frames could not be sent, and are back in the pool: the bridge "
                    + (failure != null ? "ended" : "had no room for " + Duration.ofNanos(drain)), failure);
        }
    }

    private void awaitClosed() {
        while (closing) {
            changed.awaitUninterruptibly();
        }
    }

    /// Sends the rest. Between two attempts others have the lock: to be refused, to cancel, to look.
    private void drain() {
        long deadline = System.nanoTime() + drain;
        boolean interrupted = false;
        push(Cause.ASKED);
        while (!batch.isEmpty() && System.nanoTime() - deadline < 0) {
            interrupted |= sleep(RETRY_NANOS);
            push(Cause.ASKED);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = Thread.interrupted();
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkOpen() {
        if (failure != null) {
            told = unsent;
            throw failure;
        }
        if (keeper == null) {
            throw new ClosedException("this coalescing sender is closed: open() opens it again");
        }
    }

    /// {@return the counters}
    public CoalescingStatistics statistics() {
        lock.lock();
        try {
            long full = crossings[Cause.FULL.ordinal()];
            long lingered = crossings[Cause.LINGER.ordinal()];
            long flushed = crossings[Cause.ASKED.ordinal()];
            return new CoalescingStatistics(submitted, sent, cancelled, unsent, batch.size(), full + lingered + flushed,
                    full, lingered, flushed);
        } finally {
            lock.unlock();
        }
    }
}
