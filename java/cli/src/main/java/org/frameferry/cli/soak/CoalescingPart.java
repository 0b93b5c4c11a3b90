// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.frameferry.Bridge;
import org.frameferry.CoalescingSender;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Loop;

/** Threads that submit single frames to one coalescing sender, cancel some and flush at times; another receives. */
final class CoalescingPart extends Part {
    private static final int SUBMITTERS = 2;
    private static final int FLUSH_EACH = 300;
    private static final int CANCEL_EACH = 1000;

    private final FramePool pool;
    private final Bridge bridge;
    private final CoalescingSender sender;
    private final List<Stream> streams = new ArrayList<>();
    private final AtomicInteger submitting = new AtomicInteger(SUBMITTERS);

    CoalescingPart(FramePool pool) {
        super("coalescing", "");
        this.pool = pool;
        bridge = Bridge.open(pool, Loop.device());
        sender = CoalescingSender.builder(bridge).linger(Duration.ofMillis(1)).open();
        for (int i = 0; i < SUBMITTERS; i++) {
            streams.add(new Stream());
        }
    }

    @Override
    List<Runnable> workers() {
        List<Runnable> workers = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            int submitter = i;
            workers.add(() -> submit(submitter));
        }
        workers.add(this::receive);
        return workers;
    }

    private void submit(int submitter) {
        Stream stream = streams.get(submitter);
        Frame frame = pool.newFrame();
        while (!isStopped()) {
            if (!pool.tryLease(frame)) {
                Thread.yield();
                continue;
            }
            long ticket = sender.submit(stream.number(frame).tag(submitter), FOR_EVER);
            if (stream.sent() % CANCEL_EACH == 0 && sender.cancel(ticket)) {
                stream.withdraw(1);
            }
            if (stream.sent() % FLUSH_EACH == 0) {
                sender.flush();
            }
        }
        if (submitting.decrementAndGet() == 0) {
            sender.close();
            bridge.close();
        }
    }

    private void receive() {
        try (FrameBatch batch = bridge.newBatch(BATCH)) {
            while (bridge.receive(batch, FOR_EVER) >= 0) {
                for (Frame frame : batch) {
                    streams.get((int) frame.tag()).check(frame);
                }
                came(batch.size());
            }
        }
    }

    @Override
    Tally tally() {
        return streams.stream().map(stream -> stream.tally(0)).reduce(Tally.NONE, Tally::plus);
    }
}
