// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// What a shared library says of itself, read before the system loads it. No state; any thread.
///
/// The system's loader believes a file: one that is cut short ends the process with SIGBUS, and one for another
/// processor "cannot be opened".
final class ElfFile {
    private static final Path THIS_PROCESS = Path.of("/proc/self/exe");
    private static final int MAGIC = 0x7F454C46; // "\x7FELF", read big-endian
    private static final int HEADER_BYTES = 64;
    private static final int CLASS = 4; // offsets in the header
    private static final int BYTE_ORDER = 5;
    private static final int TYPE = 16;
    private static final int MACHINE = 18;
    private static final int SEGMENTS_OFFSET = 32;
    private static final int SEGMENTS = 56;
    private static final int SHARED_OBJECT = 3;
    private static final int SEGMENT_BYTES = 56;
    private static final int SEGMENT_OFFSET = 8; // offsets in a segment's entry
    private static final int SEGMENT_FILE_BYTES = 32;

    private ElfFile() {
    }

    /// {@return why this process cannot load the file as a library, to follow the file's name; null if nothing is known
    /// against it}
    static String flaw(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, 0, HEADER_BYTES);
            if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC) {
                return "is no shared library";
            }
            String kind = kind(header);
            String ours = kindOfThisProcess();
            if (!kind.equals(ours)) {
                return "is for " + kind + ", this process for " + ours;
            }
            return header.getShort(TYPE) == SHARED_OBJECT && isWhole(channel, header) ? null
                    : "is no shared library, or cut short";
        } catch (EOFException e) {
            return "is cut short";
        }
    }

    private static String kindOfThisProcess() throws IOException {
        try (FileChannel channel = FileChannel.open(THIS_PROCESS)) {
            return kind(read(channel, 0, HEADER_BYTES));
        }
    }

    /// The kind of process that a file is for. Leaves the buffer in the file's byte order.
    private static String kind(ByteBuffer header) {
        boolean little = header.get(BYTE_ORDER) == 1;
        int machine = header.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).getShort(MACHINE) & 0xFFFF;
        String name = switch (machine) {
            case 3 -> "x86";
            case 40 -> "Arm";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case 243 -> "RISC-V";
            default -> "machine " + machine;
        };
        return name + (header.get(CLASS) == 1 ? ", 32 bits" : ", 64 bits") + (little ? "" : ", big-endian");
    }

    /// Whether every part that would be mapped is there. A file of 64 bits, as this process is.
    private static boolean isWhole(FileChannel channel, ByteBuffer header) throws IOException {
        int bytes = (header.getShort(SEGMENTS) & 0xFFFF) * SEGMENT_BYTES;
        ByteBuffer segments = read(channel, header.getLong(SEGMENTS_OFFSET), bytes).order(header.order());
        boolean whole = true;
        for (int at = 0; at < bytes; at += SEGMENT_BYTES) {
            whole &= fits(channel, segments.getLong(at + SEGMENT_OFFSET), segments.getLong(at + SEGMENT_FILE_BYTES));
        }
        return whole;
    }

    private static boolean fits(FileChannel channel, long offset, long bytes) throws IOException {
        return offset >= 0 && bytes >= 0 && offset <= channel.size() - bytes;
    }

    private static ByteBuffer read(FileChannel channel, long offset, int n) throws IOException {
        if (!fits(channel, offset, n)) {
            throw new EOFException();
        }
        ByteBuffer bytes = ByteBuffer.allocate(n);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException(); // somebody has just cut it
            }
        }
        return bytes;
    }
}
