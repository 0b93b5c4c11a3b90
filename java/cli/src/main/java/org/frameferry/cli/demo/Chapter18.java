// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The chapter's driver as Java calls it: libferry_chapter18.so, which this jar carries, one ordinary foreign call for
 * each packet. The functions mean what native/chapter18/naive.h says, and may be called by the threads it names.
 */
public final class Chapter18 {
    /** The longest packet. */
    public static final int PACKET_MAX = 2048;
    /** Bytes of an address image. */
    static final int ADDRESS_BYTES = 32;
    /** Nothing came in time. */
    public static final long NOTHING = -1011;
    /** The driver is closed. */
    static final long CLOSED = -1;

    private static final String FILE = "libferry_chapter18.so";
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT;
    private static final AddressLayout PTR = ValueLayout.ADDRESS;
    /** Errors of the operating system are SYSTEM - errno. */
    private static final long SYSTEM = -1000;
    private static final SymbolLookup LIBRARY = load();
    private static final MethodHandle OPEN =
            function("chapter18_open", FunctionDescriptor.of(I64, PTR, I32, I32, PTR, PTR));
    private static final MethodHandle OPEN_DEVICE =
            function("chapter18_open_device", FunctionDescriptor.of(I64, PTR, I32));
    private static final MethodHandle RECEIVE =
            function("chapter18_receive", FunctionDescriptor.of(I64, I64, PTR, I32, I64, PTR));
    private static final MethodHandle SEND =
            function("chapter18_send", FunctionDescriptor.of(I64, I64, PTR, PTR, I32));
    private static final MethodHandle STATISTICS =
            function("chapter18_statistics", FunctionDescriptor.of(I32, I64, PTR));
    private static final MethodHandle CLOSE = function("chapter18_close", FunctionDescriptor.of(I32, I64));
    private static final MethodHandle STRERROR = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(PTR, I32));

    /**
     * Counters of one driver, in the order of struct chapter18_statistics.
     *
     * @param received packets taken from the socket or the device
     * @param delivered packets handed to the consumer
     * @param dropped packets for which the list had no room
     * @param truncated packets longer than {@link #PACKET_MAX}
     * @param wakeups signals sent to the consumer
     * @param errors reads that failed and were repeated
     * @param allocated buffers malloc'ed
     * @param freed buffers freed
     */
    public record Statistics(long received, long delivered, long dropped, long truncated, long wakeups, long errors,
            long allocated, long freed) {
        private static final int WORDS = 8;

        private static Statistics read(MemorySegment s) {
            long[] w = s.toArray(I64);
            return new Statistics(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
        }
    }

    private Chapter18() {}

    /** The library is unpacked, loaded and deleted again; a temporary directory without exec can be replaced. */
    private static SymbolLookup load() {
        String resource = "/META-INF/native/linux-" + (System.getProperty("os.arch").equals("amd64") ? "x86_64"
                : System.getProperty("os.arch")) + "/" + FILE;
        String directory = System.getProperty("frameferry.tmpdir", System.getProperty("java.io.tmpdir"));
        Path file = null;
        try (InputStream in = Chapter18.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new DemoFailure("this build of the command line lacks " + resource
                        + ", the chapter's driver: build it again with ./ferry or ./mvnw package");
            }
            file = Files.createTempFile(Path.of(directory), "ferry-chapter18-", ".so");
            Files.write(file, in.readAllBytes());
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IOException | IllegalArgumentException e) {
            throw new DemoFailure("cannot load " + FILE + " from " + directory + ": " + e.getMessage()
                    + "; name a directory that may hold executables with -Dframeferry.tmpdir=", e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), descriptor);
    }

    /** Opens a driver; stores the bytes granted and the bound address. Returns its number, or an error below 0. */
    static long open(MemorySegment local, int receiveBuffer, int limit, MemorySegment granted, MemorySegment bound) {
        try {
            return (long) OPEN.invokeExact(local, receiveBuffer, limit, granted, bound);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * {@return the number of a driver over a native device, which is its own from then on, or an error below 0}
     *
     * @param device a `ferry_device`
     * @param limit packets that wait in its list at most
     */
    public static long openDevice(MemorySegment device, int limit) {
        try {
            return (long) OPEN_DEVICE.invokeExact(device, limit);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Takes one packet.
     *
     * @param driver its number
     * @param buffer where the packet goes
     * @param capacity bytes that fit there
     * @param timeoutNanos how long to wait for one
     * @param from where its sender goes, ADDRESS_BYTES
     * @return the packet's length, {@link #NOTHING}, or another error below 0
     */
    public static long receive(long driver, MemorySegment buffer, int capacity, long timeoutNanos, MemorySegment from) {
        try {
            return (long) RECEIVE.invokeExact(driver, buffer, capacity, timeoutNanos, from);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Sends one packet. Returns its length, NOTHING if there is no room, or an error below 0. */
    static long send(long driver, MemorySegment to, MemorySegment data, int length) {
        try {
            return (long) SEND.invokeExact(driver, to, data, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * {@return counters now, or as they were left when the driver was closed}
     *
     * @param driver its number
     */
    public static Statistics statistics(long driver) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(I64, Statistics.WORDS);
            int error = statistics(driver, s);
            if (error != 0) {
                throw new IllegalStateException("no driver " + driver + ": closed, and its place is used again");
            }
            return Statistics.read(s);
        }
    }

    private static int statistics(long driver, MemorySegment s) {
        try {
            return (int) STATISTICS.invokeExact(driver, s);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Closes a driver.
     *
     * @param driver its number
     * @return 0, or an error the second time
     */
    public static int close(long driver) {
        try {
            return (int) CLOSE.invokeExact(driver);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * {@return what an error below 0 means}
     *
     * @param error of one of the functions above
     */
    public static String text(long error) {
        if (error > SYSTEM) {
            return "error " + error + " of frameferry.h";
        }
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact((int) (SYSTEM - error));
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a C function throws nothing", e);
    }
}
