// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The part of [ChildProgram] that opens and runs bridges while something happens to the process, or is taken from it.
final class FaultProgram {
    private static final int FILES = 7; // RLIMIT_NOFILE
    private static final int FILES_MOST = 256;
    private static final int ADDRESSES = 9; // RLIMIT_AS
    private static final long PAGE = 4096;
    private static final long ROOM = 1 << 28;
    private static final MethodHandle SETRLIMIT = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("setrlimit"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final int COLLECTIONS = 50;
    private static final int DUMPS = 20;
    private static final int ENOUGH = 500; // frames over each bridge

    /// A bridge that sends to itself: what it receives it sends again, the same frames in the same order, so that none can
    /// be lost, doubled or exchanged unseen. A daemon thread receives and sends.
    private static final class Circle {
        private static final int FRAMES = 8;
        private static final Duration LONG = Duration.ofHours(1);

        private final FramePool pool = FramePool.builder().frames(64).frameSize(256).build();
        private final Bridge bridge;
        private final Thread thread;
        private volatile long passed;
        private long mark;

        Circle(Way way) {
            bridge = way.open(pool);
            thread = Thread.ofPlatform().daemon().start(this::run);
        }

        private void run() {
            try (FrameBatch batch = pool.newBatch(FRAMES)) {
                while (batch.size() < FRAMES) {
                    pool.lease(batch, FRAMES - batch.size());
                }
                for (int i = 0; i < FRAMES; i++) {
                    Frame frame = batch.get(i).put(Long.BYTES).peer(Peer.of(bridge.localAddress()));
                    frame.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, frame.offset(), i);
                }
                bridge.send(batch, LONG);
                while (bridge.receive(batch, LONG) >= 0) {
                    check(batch);
                    bridge.send(batch, LONG);
                }
            } catch (ClosedException e) {
                // as good an end as any
            }
        }

        private void check(FrameBatch batch) {
            for (Frame frame : batch) {
                long number = frame.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, frame.offset());
                if (number != passed % FRAMES) {
                    throw new AssertionError("frame " + number + " comes after " + passed + " frames");
                }
                passed++;
            }
        }

        void close() {
            try {
                bridge.close();
                thread.join();
                ChildProgram.check(pool.audit());
                pool.close();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private FaultProgram() {
    }

    private static List<Circle> circles() throws InterruptedException {
        List<Circle> circles = Way.all().map(Circle::new).toList();
        await(circles);
        return circles;
    }

    private static void mark(List<Circle> circles) {
        circles.forEach(circle -> circle.mark = circle.passed);
    }

    private static boolean goOn(List<Circle> circles) {
        return circles.stream().allMatch(circle -> circle.passed >= circle.mark + ENOUGH);
    }

    /// Until frames have come over each of them, after the mark.
    private static void await(List<Circle> circles) throws InterruptedException {
        while (!goOn(circles)) {
            Thread.sleep(1);
        }
    }

    private static void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid())).start().waitFor();
    }

    /// Ends in the middle of it all.
    static void leave(String how) throws Exception {
        List<Circle> circles = circles();
        System.out.println("leaving");
        switch (how) {
            case "return" -> { }
            case "exit" -> System.exit(7);
            case "halt" -> Runtime.getRuntime().halt(7);
            case "term" -> {
                signal("TERM");
                Thread.currentThread().join(); // or main might return first
            }
            case "hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> circles.forEach(Circle::close)));
                System.exit(7);
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    /// One thread dump after the other, each of which stops every thread of Java's.
    static void dumps() throws Exception {
        List<Circle> circles = circles();
        for (int i = 0; i < DUMPS; i++) {
            mark(circles);
            signal("QUIT");
            await(circles);
        }
        end(circles);
    }

    /// The collector at work all the time: little room, half of it taken, and garbage without end.
    static void collections() throws Exception {
        List<Circle> circles = circles();
        List<byte[]> kept = new ArrayList<>();
        for (long room = Runtime.getRuntime().maxMemory() / 2; room > 0; room -= 1 << 16) {
            kept.add(new byte[1 << 16]);
        }
        mark(circles);
        for (int i = 0; collected() < COLLECTIONS || !goOn(circles); i++) {
            kept.set(i % kept.size(), new byte[1 << 16]);
        }
        end(circles);
    }

    /// The first receive and the first send of all come where the stack ends, a little further up each time.
    static void deep(Way way) {
        try (FramePool pool = FramePool.builder().frames(64).build(); Bridge bridge = way.open(pool);
             FrameBatch batch = pool.newBatch(8)) {
            useFromTheEndUp(bridge, batch);
            bridge.send(batch, Duration.ofNanos(1));
            System.out.println("ok " + bridge.receive(batch, Duration.ofNanos(1)));
        }
    }

    private static void useFromTheEndUp(Bridge bridge, FrameBatch batch) {
        try {
            useFromTheEndUp(bridge, batch);
        } catch (StackOverflowError e) {
            bridge.send(batch, Duration.ofNanos(1));
            bridge.receive(batch, Duration.ofNanos(1));
        }
    }

    private static void limit(int resource, long most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, most, most);
            if ((int) SETRLIMIT.invokeExact(resource, limit) != 0) {
                throw new AssertionError("limit " + resource + " cannot be " + most);
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static String open(FramePool pool, Udp udp) {
        try (Bridge _ = Bridge.open(pool, udp)) {
            return "ok";
        } catch (FerryException e) {
            return e.error();
        }
    }

    /// No file can be opened any more, then one, then two: a bridge needs its socket, and what wakes its poller.
    static void files() throws IOException {
        try (FramePool pool = FramePool.builder().frames(64).bridges(1).build()) {
            open(pool, Way.ANY_PORT);
            open(pool, Udp.bind("192.0.2.1", 0)); // all classes are loaded: they are files, too
            limit(FILES, FILES_MOST);
            Deque<FileChannel> taken = new ArrayDeque<>();
            try {
                while (true) {
                    taken.push(FileChannel.open(Path.of("/dev/null")));
                }
            } catch (IOException e) {
                String none = open(pool, Way.ANY_PORT);
                taken.pop().close();
                String one = open(pool, Way.ANY_PORT);
                taken.pop().close();
                System.out.println(none + " " + one + " " + open(pool, Way.ANY_PORT));
            }
            ChildProgram.check(pool.audit());
        }
    }

    /// Room for a small pool and for a poller, but for no large one.
    static void addresses() throws IOException {
        long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]);
        limit(ADDRESSES, pages * PAGE + ROOM);
        try (FramePool _ = FramePool.builder().frames(4096).frameSize(1 << 20).build()) {
            System.out.println("there is room for 4 GiB");
        } catch (FerryException e) {
            try (FramePool pool = FramePool.builder().frames(64).build()) {
                System.out.println(e.error() + " " + open(pool, Way.ANY_PORT));
            }
        }
    }

    private static long collected() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    private static void end(List<Circle> circles) {
        circles.forEach(Circle::close);
        System.out.println("ok");
    }
}
