// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Devices of a library of somebody else's: what is none is refused by name, one that breaks its contract ends its
/// bridge, and no frame is lost. The libraries are the template, `native/examples/device`, and
/// `native/test/library/nonsense.c`.
class DeviceLibraryTest {
    private static final Path BUILT = Path.of("..", "..", "native", "build", "release").toAbsolutePath().normalize();
    private static final Path METRONOME = BUILT.resolve("libmetronome.so");
    static final Path NONSENSE = BUILT.resolve("libferry_nonsense.so");
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    @TempDir
    private Path directory;

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).ringCapacity(32).bridges(1).build();
    }

    private static Bridge open(Way way, FramePool pool, Device device) {
        return Bridge.builder(pool, device).mode(way.mode()).crossing(way.crossing()).open();
    }

    private static void assertError(String name, String message, Executable act) {
        FerryException e = assertThrows(FerryException.class, act);
        assertEquals(message, e.getMessage());
        assertEquals(name, e.error());
    }

    // ---- the template ----

    private static void sendTime(Bridge bridge, FramePool pool, long nanos) {
        try (FrameBatch batch = pool.newBatch(1)) {
            pool.lease(batch, 1);
            Frame frame = batch.get(0).put(Long.BYTES);
            frame.memory().set(ValueLayout.JAVA_LONG, frame.offset(), nanos);
            assertEquals(1, bridge.send(batch));
        }
    }

    @EachWay
    void theTemplateBeatsAsOftenAsItIsTold(Way way) {
        Device metronome = Device.load(METRONOME, "metronome", "1000000000");
        assertEquals("metronome of " + METRONOME, metronome.toString());
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(way, pool, metronome);
             FrameBatch batch = pool.newBatch(16)) {
            sendTime(bridge, pool, 1000);
            long next = 0;
            while (next < 100) {
                assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
                for (Frame beat : batch) {
                    assertEquals(next++, beat.memory().get(ValueLayout.JAVA_LONG, beat.offset()));
                    assertTrue(beat.timestamp() > 0);
                }
            }
            assertEquals(1, bridge.statistics().txFrames());
        }
    }

    @Test
    void whatItCannotReadIsRefused() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Device metronome = Device.load(METRONOME, "metronome", "often");
            assertError("FERRY_EINVAL", "cannot open metronome of " + METRONOME
                    + " with \"often\": an argument is out of range (FERRY_EINVAL)",
                    () -> Bridge.open(pool, metronome));
        }
    }

    // ---- libraries that are none ----

    private void assertUnloadable(String reason, byte... content) throws IOException {
        Path file = Files.write(directory.resolve("libdevice.so"), content);
        assertError("ENOLIBRARY", "cannot load a device: " + file + " " + reason,
                () -> Device.load(file, "nonsense", ""));
    }

    private static byte[] changed(Consumer<byte[]> change) throws IOException {
        byte[] content = Files.readAllBytes(NONSENSE);
        change.accept(content);
        return content;
    }

    @Test
    void thereIsNoSuchFile() {
        for (Path path : new Path[] {directory, directory.resolve("missing.so"), Path.of("")}) {
            assertError("ENOLIBRARY", "cannot load a device: " + path.toAbsolutePath() + " is no file",
                    () -> Device.load(path, "nonsense", ""));
        }
    }

    @Test
    void aFileThatIsNoLibrary() throws IOException {
        assertUnloadable("is no shared library", new byte[64]);
        assertUnloadable("is no shared library, or cut short", changed(bytes -> bytes[16] = 1)); // an object file
    }

    /// The system's loader would end the process with SIGBUS.
    @Test
    void aFileThatIsCutShort() throws IOException {
        byte[] whole = Files.readAllBytes(NONSENSE);
        assertUnloadable("is cut short");
        assertUnloadable("is cut short", Arrays.copyOf(whole, 63));
        assertUnloadable("is cut short", Arrays.copyOf(whole, 64));
        assertUnloadable("is cut short", Arrays.copyOf(whole, 200));
        assertUnloadable("is no shared library, or cut short", Arrays.copyOf(whole, 900));
        assertUnloadable("is no shared library, or cut short", Arrays.copyOf(whole, 12_288));
    }

    @Test
    void aLibraryForAnotherProcessor() throws IOException {
        String ours = System.getProperty("os.arch").equals("aarch64") ? "AArch64" : "x86-64";
        for (Object[] other : new Object[][] {{40, "Arm"}, {243, "RISC-V"}, {3, "x86"}, {77, "machine 77"}}) {
            assertUnloadable("is for " + other[1] + ", 64 bits, this process for " + ours + ", 64 bits",
                    changed(bytes -> bytes[18] = ((Integer) other[0]).byteValue()));
        }
        assertUnloadable("is for " + ours + ", 32 bits, this process for " + ours + ", 64 bits",
                changed(bytes -> bytes[4] = 1));
    }

    /// It needs another library that is not there.
    @Test
    void theSystemSaysWhyItDoesNotLoad() throws IOException {
        String content = new String(Files.readAllBytes(NONSENSE), StandardCharsets.ISO_8859_1);
        assertTrue(content.contains("\0libc.so.6\0"));
        Path file = Files.write(directory.resolve("libdevice.so"),
                content.replace("\0libc.so.6\0", "\0libx.so.6\0").getBytes(StandardCharsets.ISO_8859_1));
        assertError("ENOLIBRARY", "cannot load a device: " + file + ": libx.so.6: cannot open shared object file: "
                + "No such file or directory", () -> Device.load(file, "nonsense", ""));
    }

    @Test
    void aLibraryWithoutTheSymbol() {
        assertError("ENOSYMBOL", NONSENSE + " exports no sense: `nm -D` lists what it exports",
                () -> Device.load(NONSENSE, "sense", ""));
    }

    /// The last is a function: its code is taken for a table, and found to be none.
    @ParameterizedTest
    @CsvSource({"of_another_version, FERRY_EABI", "of_another_size, FERRY_EABI", "without_open, FERRY_EDEVICE",
                "without_fill, FERRY_EDEVICE", "with_a_flag_of_its_own, FERRY_EDEVICE", "like_a_loop, FERRY_EDEVICE",
                "no_table, FERRY_EABI"})
    void aTableThatIsNone(String symbol, String error) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Device device = Device.load(NONSENSE, symbol, "nothing");
            FerryException e = assertThrows(FerryException.class, () -> Bridge.open(pool, device));
            assertEquals(error, e.error());
            Bridge.open(pool, Device.load(NONSENSE, "nonsense", "nothing")).close(); // the pool has still room for it
        }
    }

    @Test
    void anOpenThatAnswersWithANumber() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            assertError("FERRY_EDEVICE", "cannot open nonsense of " + NONSENSE
                    + " with \"open\": the device broke its contract: see device.h (FERRY_EDEVICE)",
                    () -> Bridge.open(pool, Device.load(NONSENSE, "nonsense", "open")));
        }
    }

    @EachWay
    void aDeviceThatMustBeDrivenInline(Way way) {
        Device device = Device.load(NONSENSE, "only_inline", "nothing");
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            if (way.isInline()) {
                open(way, pool, device).close();
            } else {
                assertEquals("a bridge over only_inline of " + NONSENSE + " must have mode(Bridge.Mode.INLINE)",
                        assertThrows(IllegalArgumentException.class, () -> open(way, pool, device)).getMessage());
            }
        }
    }

    // ---- devices that break their contract ----

    static Stream<Arguments> breaches() {
        return Way.all().flatMap(way -> Stream.of("fill-beyond", "fill-error", "transmit-beyond", "complete-beyond",
                "complete-foreign", "complete-outside", "complete-twice", "arm", "wait")
                .map(word -> Arguments.of(way, word)));
    }

    /// Sends and receives for ever.
    private static void carry(Bridge bridge, FramePool pool, FrameBatch sent, FrameBatch received) {
        while (true) {
            pool.lease(sent, sent.capacity() - sent.size());
            bridge.send(sent);
            bridge.receive(received, A_MOMENT);
        }
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void itEndsTheBridge(Way way, String word) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = open(way, pool, Device.load(NONSENSE, "nonsense", word));
             FrameBatch sent = pool.newBatch(4); FrameBatch received = pool.newBatch(8)) {
            String because = word.equals("fill-error") ? "Input/output error (EIO)"
                    : "the device broke its contract: see device.h (FERRY_EDEVICE)";
            assertError(word.equals("fill-error") ? "EIO" : "FERRY_EDEVICE", bridge + " has ended: " + because,
                    () -> carry(bridge, pool, sent, received));
            received.release();
            assertThrows(FerryException.class, () -> bridge.send(sent));
        }
    }

    /// Every other arrival is too long; or everything in a slot is written over that the device has no business with.
    @ParameterizedTest
    @MethodSource("slips")
    void itLosesTheFrameAndNoMore(Way way, String word) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = open(way, pool, Device.load(NONSENSE, "nonsense", word));
             FrameBatch sent = pool.newBatch(4); FrameBatch received = pool.newBatch(8)) {
            int step = word.equals("fill-long") ? 2 : 1;
            for (long next = 0; next < 1000 || bridge.statistics().txFrames() == 0;) {
                pool.lease(sent, 4 - sent.size());
                bridge.send(sent);
                assertTrue(bridge.receive(received, Numbered.LONG) > 0);
                for (Frame frame : received) {
                    assertEquals(Long.BYTES, frame.length());
                    assertEquals(next, frame.memory().get(ValueLayout.JAVA_LONG, frame.offset()));
                    next += step;
                }
            }
            assertEquals(step == 2, bridge.statistics().rxErrors() > 0);
            assertEquals(0, bridge.statistics().txBytes());
        }
    }

    static Stream<Arguments> slips() {
        return Way.all().flatMap(way -> Stream.of("nothing", "fill-long", "fill-scribble", "transmit-scribble")
                .map(word -> Arguments.of(way, word)));
    }
}
