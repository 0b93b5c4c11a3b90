// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// What [ChildJvm] runs. Prints one line and exits with 0, or with 1 for an error of the library's.
final class ChildProgram {
    private interface Look {
        void forFrames(FramePool pool, Bridge bridge, FrameBatch batch);
    }

    private ChildProgram() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        switch (arguments[0]) {
            case "open" -> open();
            case "receive" -> spin(ChildProgram::receive);
            case "lease" -> spin(ChildProgram::lease);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /// Twice, because an error must not come the first time only.
    private static void open() {
        FerryException first = tryToOpen();
        FerryException second = tryToOpen();
        if (first == null) {
            System.out.println("ok " + Frameferry.diagnose());
        } else {
            System.out.println(first.error() + ": " + first.getMessage());
            System.exit(second != null && first.error().equals(second.error()) ? 1 : 2);
        }
    }

    /// As [Audits], without JUnit.
    private static void check(PoolAudit audit) {
        if (!audit.equals(new PoolAudit(audit.frames(), audit.frames(), 0, 0, 0, 0, 0, 0))) {
            throw new IllegalStateException(audit.toString());
        }
    }

    private static FerryException tryToOpen() {
        try (FramePool pool = FramePool.builder().frames(4).build()) {
            check(pool.audit());
            return null;
        } catch (FerryException e) {
            return e;
        }
    }

    /// A thread that only looks for frames, as fast as it can, and one that wants all threads to stop.
    private static void spin(Look look) throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            try (FramePool pool = FramePool.builder().frames(8).build()) {
                Bridge bridge = Bridge.open(pool, Way.ANY_PORT);
                FrameBatch batch = pool.newBatch(64);
                Thread looking = Thread.ofPlatform().daemon().start(() -> look.forFrames(pool, bridge, batch));
                for (int i = 0; i < 3; i++) {
                    Thread.sleep(60); // the compiler is at work
                    System.gc();
                }
                bridge.close();
                looking.join();
                batch.release();
                check(pool.audit());
            }
        }
        System.out.println("ok");
    }

    private static void receive(FramePool pool, Bridge bridge, FrameBatch batch) {
        while (bridge.receive(batch) >= 0) {
            for (Frame frame : batch) {
                frame.tag(1);
            }
        }
    }

    /// Another batch has all frames.
    private static void lease(FramePool pool, Bridge bridge, FrameBatch batch) {
        try (FrameBatch all = pool.newBatch(8)) {
            while (all.size() < 8) {
                pool.lease(all, 8 - all.size());
            }
            leaseFromNothing(pool, bridge, batch);
        }
    }

    private static void leaseFromNothing(FramePool pool, Bridge bridge, FrameBatch batch) {
        while (true) {
            pool.lease(batch, 64 - batch.size());
            for (Frame frame : batch) {
                frame.tag(1);
            }
            if (bridge.isClosed()) {
                return;
            }
        }
    }
}
