// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.function.Executable;

/// The plainest model of a pool, its frames and a batch, beside the real thing: blocks of bytes, and windows over them.
/// For [PoolModelPropertyTest]; one thread.
final class PoolModel {
    private static final int ROOM = 4; // in the batch
    private static final int HANDLES = 10; // above that, released ones are forgotten

    enum Operation { LEASE, LEASE_INTO, LEASE_MANY, DETACH, ADD, SHARE, RELEASE, RELEASE_BATCH, PUSH, PULL, PUT, TRIM,
        RESERVE, COPY_IN, CLOSE }

    /// @param which of the windows there are
    record Step(Operation operation, int which, int n) {
    }

    /// One frame's bytes, all but the metadata line.
    private static final class Block {
        final byte[] bytes = new byte[128];
        final boolean pooled;
        int holders = 1;

        Block(boolean pooled, int filler) {
            this.pooled = pooled;
            Arrays.fill(bytes, (byte) filler);
        }
    }

    /// One holder's view: bytes from `start` to `end` are data.
    private static final class Window {
        final Frame frame; // null: in the batch
        Block block; // null: released
        int start = 64;
        int end = 64;

        Window(Frame frame, Block block) {
            this.frame = frame;
            this.block = block;
        }

        Window(Frame frame, Window same) {
            this(frame, same.block);
            start = same.start;
            end = same.end;
        }

        boolean isShared() {
            return block != null && block.holders > 1;
        }
    }

    final FramePool pool;
    final FrameBatch batch;
    private final boolean allocates;
    private final List<Window> handles = new ArrayList<>();
    private final List<Window> inBatch = new ArrayList<>();
    private int leases;

    PoolModel(FramePool pool, boolean allocates) {
        this.pool = pool;
        this.allocates = allocates;
        batch = pool.newBatch(ROOM);
        handles.add(new Window(pool.newFrame(), (Block) null));
    }

    private static boolean attempt(Class<? extends RuntimeException> refusal, Executable action) {
        if (refusal != null) {
            assertEquals(refusal, assertThrows(RuntimeException.class, action).getClass());
        } else {
            try {
                action.execute();
            } catch (Throwable t) {
                throw new AssertionError("refused, and should not have been", t);
            }
        }
        return refusal == null;
    }

    private int leased() {
        Set<Block> blocks = new HashSet<>();
        handles.forEach(w -> blocks.add(w.block));
        inBatch.forEach(w -> blocks.add(w.block));
        return (int) blocks.stream().filter(block -> block != null && block.pooled).count();
    }

    private Frame frame(Window w) {
        return w.frame != null ? w.frame : batch.get(inBatch.indexOf(w));
    }

    void apply(Step step) {
        List<Window> all = new ArrayList<>(handles);
        all.addAll(inBatch);
        Window w = all.get(step.which % all.size());
        switch (step.operation) {
            case LEASE -> lease(pool.tryLease());
            case LEASE_INTO -> leaseInto(w);
            case LEASE_MANY -> leaseMany(step.n);
            case DETACH -> detach(step.n);
            case ADD -> add(w);
            case SHARE -> share(w);
            case RELEASE -> release(w);
            case RELEASE_BATCH -> releaseBatch();
            case PUSH, PULL, PUT, TRIM, RESERVE -> move(step.operation, w, step.n);
            case COPY_IN -> copyIn(w, Math.max(step.n, 0));
            case CLOSE -> close();
        }
        for (int i = 0; i < handles.size() && handles.size() > HANDLES;) {
            if (handles.get(i).block == null) {
                handles.remove(i);
            } else {
                i++;
            }
        }
    }

    /// The bytes of a frame that was just leased are nobody's: they get a value of this lease's own.
    private Block fresh(Frame frame, boolean pooled) {
        Block block = new Block(pooled, ++leases);
        frame.memory().asSlice(frame.metadataOffset() + 64, 128).fill((byte) leases);
        return block;
    }

    private void lease(Frame frame) {
        boolean isFree = leased() < pool.frames();
        assertEquals(isFree || allocates, frame != null);
        if (frame != null) {
            handles.add(new Window(frame, fresh(frame, isFree)));
        }
    }

    private void leaseInto(Window w) {
        Class<? extends RuntimeException> refusal = w.frame == null ? IllegalArgumentException.class
                : w.block != null ? IllegalStateException.class : null;
        boolean isFree = leased() < pool.frames();
        boolean isThere = isFree || allocates;
        if (attempt(refusal, () -> assertEquals(isThere, pool.tryLease(frame(w)))) && isThere) {
            w.block = fresh(w.frame, isFree);
            w.start = 64;
            w.end = 64;
        }
    }

    private void leaseMany(int n) {
        int before = batch.size();
        int expected = Math.min(n, pool.frames() - leased());
        if (attempt(n < 0 || n > ROOM - before ? IllegalArgumentException.class : null,
                () -> assertEquals(expected, pool.lease(batch, n)))) {
            for (int i = 0; i < expected; i++) {
                inBatch.add(new Window(null, fresh(batch.get(before + i), true)));
            }
        }
    }

    private void detach(int i) {
        attempt(i < 0 || i >= inBatch.size() ? IndexOutOfBoundsException.class : null,
                () -> handles.add(new Window(batch.detach(i), inBatch.remove(i))));
    }

    private void add(Window w) {
        Class<? extends RuntimeException> refusal = w.frame == null || inBatch.size() == ROOM
                ? IllegalArgumentException.class
                : w.block == null ? FrameReleasedException.class
                : !w.block.pooled ? ForeignFrameException.class
                : w.isShared() ? FrameSharedException.class : null;
        if (attempt(refusal, () -> batch.add(frame(w)))) {
            inBatch.add(new Window(null, w));
            w.block = null;
        }
    }

    private static Class<? extends RuntimeException> refusalOfAnEnd(Window w) {
        return w.frame == null ? IllegalArgumentException.class
                : w.block == null ? FrameReleasedException.class : null;
    }

    private void share(Window w) {
        attempt(refusalOfAnEnd(w), () -> {
            handles.add(new Window(frame(w).share(), w));
            w.block.holders++;
        });
    }

    private void release(Window w) {
        if (attempt(refusalOfAnEnd(w), () -> frame(w).release())) {
            w.block.holders--;
            w.block = null;
        }
    }

    private void releaseBatch() {
        batch.release();
        inBatch.clear();
    }

    private void move(Operation operation, Window w, int n) {
        int start = w.start + switch (operation) {
            case PUSH -> -n;
            case PULL, RESERVE -> n;
            default -> 0;
        };
        int end = operation == Operation.TRIM ? w.start + n
                : operation == Operation.PUT || operation == Operation.RESERVE ? w.end + n : w.end;
        boolean shrinks = operation == Operation.TRIM || operation == Operation.PULL;
        Class<? extends RuntimeException> refusal = w.block == null ? FrameReleasedException.class
                : operation == Operation.RESERVE && w.start != w.end ? IllegalStateException.class
                : n < 0 ? IllegalArgumentException.class
                : start < 0 || end > 128 || start > end || shrinks && end > w.end ? IndexOutOfBoundsException.class
                : null;
        if (attempt(refusal, () -> move(operation, frame(w), n))) {
            w.start = start;
            w.end = end;
        }
    }

    private static void move(Operation operation, Frame frame, int n) {
        switch (operation) {
            case PUSH -> frame.push(n);
            case PULL -> frame.pull(n);
            case PUT -> frame.put(n);
            case TRIM -> frame.trim(n);
            default -> frame.reserve(n);
        }
    }

    private void copyIn(Window w, int n) {
        byte[] source = new byte[n];
        Arrays.fill(source, (byte) ++leases);
        Class<? extends RuntimeException> refusal = w.block == null ? FrameReleasedException.class
                : w.isShared() ? FrameSharedException.class
                : n > 128 - w.end ? IndexOutOfBoundsException.class : null;
        if (attempt(refusal, () -> frame(w).copyIn(source))) {
            System.arraycopy(source, 0, w.block.bytes, w.end, n);
            w.end += n;
        }
    }

    private void close() {
        if (leased() != 0) {
            attempt(LeasesOutstandingException.class, pool::close);
        }
    }

    void releaseAll() {
        releaseBatch();
        handles.stream().filter(w -> w.block != null).forEach(this::release);
    }

    void check() {
        int leased = leased();
        PoolAudit audit = pool.audit();
        assertEquals(new PoolAudit(pool.frames(), pool.frames() - leased - audit.cached(), audit.cached(), 0, 0, leased,
                0, 0), audit);
        assertEquals(inBatch.size(), batch.size());
        inBatch.forEach(this::check);
        checkHandles();
    }

    void checkHandles() {
        handles.forEach(this::check);
    }

    private void check(Window w) {
        Frame frame = frame(w);
        if (w.block == null) {
            assertThrows(FrameReleasedException.class, frame::length);
            assertThrows(FrameReleasedException.class, frame::isShared);
            return;
        }
        assertEquals(w.isShared(), frame.isShared());
        assertTrue(frame.headroom() == w.start && frame.length() == w.end - w.start && frame.tailroom() == 128 - w.end);
        MemorySegment bytes = frame.memory().asSlice(frame.metadataOffset() + 64, 128);
        assertEquals(w.isShared(), bytes.isReadOnly());
        assertArrayEquals(w.block.bytes, bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
