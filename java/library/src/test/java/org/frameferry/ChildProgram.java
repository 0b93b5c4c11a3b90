// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;

/// What [ChildJvm] runs. Prints one line and exits with 0, or with 1 for an error of the library's.
final class ChildProgram {
    private interface Look {
        void forFrames(FramePool pool, Bridge bridge, FrameBatch batch);
    }

    private ChildProgram() {
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "open" -> open();
            case "open-besides" -> {
                System.load(arguments[1]);
                open();
            }
            case "open-twice" -> openTwice(arguments.length > 1 ? arguments[1] : null);
            case "receive" -> spin(ChildProgram::receive);
            case "lease" -> spin(ChildProgram::lease);
            case "latency" -> latency();
            case "misses" -> misses(arguments.length > 1 ? arguments[1] : null);
            case "leave" -> FaultProgram.leave(arguments[1]);
            case "dumps" -> FaultProgram.dumps();
            case "collections" -> FaultProgram.collections();
            case "deep" -> FaultProgram.deep(new Way(Bridge.Mode.valueOf(arguments[1]),
                    Bridge.Crossing.valueOf(arguments[2])));
            case "files" -> FaultProgram.files();
            case "addresses" -> FaultProgram.addresses();
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

    /// Here, then in a class loader of its own, from another file if one is named.
    private static void openTwice(String file) throws Exception {
        Frameferry.diagnose();
        if (file != null) {
            System.setProperty(NativeLibrary.PATH_PROPERTY, file);
        }
        URL classes = FramePool.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader other = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            System.out.println(other.loadClass(Frameferry.class.getName()).getMethod("diagnose").invoke(null));
        } catch (InvocationTargetException e) {
            RuntimeException error = (RuntimeException) e.getCause();
            System.out.println(error.getClass().getMethod("error").invoke(error) + ": " + error.getMessage());
            System.exit(1);
        }
    }

    /// Whether the library measures latencies, and works in any case.
    private static void latency() throws InterruptedException {
        try (FramePool pool = FramePool.builder().frames(4).build()) {
            pool.lease().release();
            while (pool.statistics().magazines() == 0 || !pool.meter().isPrepared()) {
                Thread.sleep(1);
            }
            for (int i = 0; i < 100_000; i++) {
                pool.lease().release();
            }
            PoolStatistics s = pool.statistics();
            System.out.println((s.leaseLatency().count() != 0) + " " + (s.releaseLatency().count() != 0) + " " + s.hits());
        }
    }

    /// Everything that there are events of, in a pool of that name, or without one. The keeper has looked, too.
    private static void misses(String name) throws InterruptedException {
        FramePoolBuilder builder = FramePool.builder().frames(4).leakTracking(LeakTracking.EVERY).leakListener(_ -> { });
        try (FramePool pool = name != null ? builder.name(name).build() : builder.build()) {
            for (int i = 0; i < 4; i++) {
                pool.lease();
            }
            pool.tryLease();
            while (pool.statistics().leaks() < 4) {
                System.gc();
                Thread.sleep(1);
            }
            try (FrameBatch all = pool.newBatch(4)) {
                pool.lease(all, 4);
                try {
                    pool.lease(Duration.ofMillis(1));
                } catch (PoolExhaustedException e) {
                    System.out.println("ok " + pool.statistics().misses());
                }
            }
            pool.trim();
            pool.trim(Long.MAX_VALUE / 2);
        }
    }

    /// As [Audits], without JUnit.
    static void check(PoolAudit audit) {
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
