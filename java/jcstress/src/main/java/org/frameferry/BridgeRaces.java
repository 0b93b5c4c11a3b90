// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.IIII_Result;

/// The ends of a bridge over a loop, in either crossing, raced with its end, and with a coalescing sender's beginning,
/// use and end. The last result is always 1: the pool has every frame, once.
public final class BridgeRaces {
    private BridgeRaces() {
    }

    /// A rig with a bridge, and batches for both ends.
    private static final class Looped {
        final Rig rig = Rig.take();
        final Bridge bridge;
        final FrameBatch sent = rig.pool.newBatch(2);
        final FrameBatch received = rig.pool.newBatch(2);

        Looped() {
            Bridge.Crossing[] crossings = Bridge.Crossing.values();
            bridge = Bridge.builder(rig.pool, Loop.device())
                    .crossing(crossings[ThreadLocalRandom.current().nextInt(crossings.length)]).open();
            sent.add(rig.frame());
            sent.unbind();
        }

        /// Sends what is in the batch. Returns how many, or -1 if it was refused.
        int send() {
            try {
                return bridge.send(sent);
            } catch (IllegalStateException | WrongThreadException e) {
                return -1;
            } finally {
                sent.unbind();
            }
        }

        /// Receives. Returns how many, or -1 at the end.
        int receive() {
            int n = bridge.receive(received);
            received.unbind();
            bridge.unbindReceiver();
            return n;
        }

        CoalescingSender sender() {
            return CoalescingSender.builder(bridge).frames(2).linger(Duration.ofHours(1)).open();
        }

        /// Closes everything, whoever used it. Returns 1 if the pool has every frame, once.
        int whole() {
            bridge.vacate(null);
            bridge.close();
            sent.release();
            received.release();
            return rig.whole();
        }
    }

    /// A frame is there when a bridge is closed, and received at the same time.
    @JCStressTest
    @Outcome(id = "1, -1, 1", expect = ACCEPTABLE, desc = "Received, before or after the end.")
    @Outcome(id = "-1, -1, 1", expect = ACCEPTABLE, desc = "Nobody had come to receive: it is back in the pool.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, or received and back in the pool.")
    @State
    public static class ReceiveOrClose {
        private final Looped loop = new Looped();

        public ReceiveOrClose() {
            loop.send();
            loop.bridge.unbindSender();
        }

        @Actor
        public void receiver(III_Result r) {
            r.r1 = loop.receive();
        }

        @Actor
        public void closer() {
            loop.bridge.close();
        }

        @Arbiter
        public void audit(III_Result r) {
            loop.received.release();
            r.r2 = loop.receive();
            r.r3 = loop.whole();
        }
    }

    /// A frame is sent over a bridge that is closed at the same time. 1: it was taken; -1: it was refused, and is still
    /// with the sender.
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "-1, 1, 1"}, expect = ACCEPTABLE, desc = "Taken or refused.")
    @Outcome(expect = FORBIDDEN, desc = "Both, or neither.")
    @State
    public static class SendOrClose {
        private final Looped loop = new Looped();

        @Actor
        public void sender(III_Result r) {
            r.r1 = loop.send();
        }

        @Actor
        public void closer() {
            loop.bridge.close();
        }

        @Arbiter
        public void audit(III_Result r) {
            r.r2 = loop.sent.size();
            r.r3 = loop.whole();
        }
    }

    /// A thread begins to send while a coalescing sender wants the send end for itself. The thread lives until that is
    /// decided: its end would leave the send end to others.
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "-1, 1, 1"}, expect = ACCEPTABLE, desc = "One has the end.")
    @Outcome(id = "-1, 0, 1", expect = ACCEPTABLE_INTERESTING, desc = "Each sees the other, and both step back.")
    @Outcome(expect = FORBIDDEN, desc = "Both have it.")
    @State
    public static class SendOrOccupy {
        private final Looped loop = new Looped();
        private CoalescingSender sender;
        private volatile boolean decided;

        @Actor
        public void thread(III_Result r) {
            r.r1 = loop.send();
            while (!decided) {
                Thread.onSpinWait();
            }
        }

        @Actor
        public void opener(III_Result r) {
            try {
                sender = loop.sender();
                r.r2 = 1;
            } catch (WrongThreadException e) {
                r.r2 = 0;
            }
            decided = true;
        }

        @Arbiter
        public void audit(III_Result r) {
            if (sender != null) {
                sender.close();
            }
            r.r3 = loop.whole();
        }
    }

    /// A frame is submitted to a coalescing sender while another thread flushes it. Then it is flushed again: of two
    /// that were submitted, two are received, in order.
    @JCStressTest
    @Outcome(id = "1, 0, 12, 1", expect = ACCEPTABLE, desc = "Sent with the first flush, or the second.")
    @Outcome(expect = FORBIDDEN, desc = "One is lost, twice there, or overtaken.")
    @State
    public static class SubmitOrFlush {
        private final Looped loop = new Looped();
        private final Frame first = loop.rig.frame().tag(1);
        private final Frame second = loop.rig.frame().tag(2);
        private final CoalescingSender sender = loop.sender();

        public SubmitOrFlush() {
            sender.trySubmit(first);
        }

        @Actor
        public void submitter(IIII_Result r) {
            r.r1 = (int) sender.trySubmit(second);
        }

        @Actor
        public void flusher(IIII_Result r) {
            r.r2 = sender.flush();
        }

        @Arbiter
        public void audit(IIII_Result r) {
            sender.close();
            while (loop.receive() > 0) {
                for (Frame frame : loop.received) {
                    r.r3 = r.r3 * 10 + (int) frame.tag();
                }
            }
            r.r4 = loop.whole();
        }
    }

    /// A frame is submitted to a coalescing sender while another thread closes it. 1: it was taken, and is received; 0:
    /// it was refused, and is still the caller's.
    @JCStressTest
    @Outcome(id = {"1, 1, 1", "0, 0, 1"}, expect = ACCEPTABLE, desc = "Sent, or refused.")
    @Outcome(expect = FORBIDDEN, desc = "Taken and not sent, or sent and refused.")
    @State
    public static class SubmitOrClose {
        private final Looped loop = new Looped();
        private final Frame frame = loop.rig.frame();
        private final CoalescingSender sender = loop.sender();

        @Actor
        public void submitter(III_Result r) {
            try {
                r.r1 = sender.trySubmit(frame) >= 0 ? 1 : 0;
            } catch (ClosedException e) {
                frame.release();
            }
        }

        @Actor
        public void closer() {
            sender.close();
        }

        @Arbiter
        public void audit(III_Result r) {
            r.r2 = loop.receive();
            r.r3 = loop.whole();
        }
    }
}
