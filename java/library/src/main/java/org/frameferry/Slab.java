// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.function.Consumer;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_audit;
import org.frameferry.bindings.ferry_geometry;
import org.frameferry.bindings.ferry_pool_config;

/// The native half of a pool: the mapping as two segments, its geometry, and its end. Any thread.
final class Slab {
    private final Arena dataArena = Arena.ofShared();
    private final MemorySegment handle;
    private final MemorySegment control;
    private final MemorySegment data;
    private final Geometry geometry;

    /// What never changes, copied out of native memory once.
    record Geometry(int frames, int stride, int frameSize, int headroom, int ringCapacity, long bridgeOffset,
            long bridgeBytes, long rxSlots, long txSlots) {
    }

    // Named classes and not lambdas: the first lambda of a program costs several milliseconds of start-up.

    /// Frees the pool when nothing refers to its control memory any more.
    private static final class Free implements Consumer<MemorySegment> {
        @Override
        public void accept(MemorySegment pool) {
            FerryBindings.ferry_pool_free(pool);
        }
    }

    /// Keeps the mapping while the data arena lives: a segment of data may outlive the pool object.
    private record Keep(MemorySegment handle) implements Consumer<MemorySegment> {
        @Override
        public void accept(MemorySegment data) {
            Reference.reachabilityFence(handle);
        }
    }

    /// @throws FerryException if the memory cannot be mapped
    Slab(MemorySegment config) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            NativeGate.check(FerryBindings.ferry_pool_open(config, out), "cannot open a pool of "
                    + ferry_pool_config.frames(config) + " frames of " + ferry_pool_config.frame_size(config) + " bytes");
            // Both segments of the control memory belong to one automatic arena: whoever still holds either, even in
            // the middle of a native call, keeps the slab mapped. The last one gone, the pool is freed.
            Arena controlArena = Arena.ofAuto();
            handle = out.get(ValueLayout.ADDRESS, 0).reinterpret(controlArena, new Free());
            MemorySegment g = arena.allocate(ferry_geometry.layout());
            FerryBindings.ferry_pool_geometry(handle, g);
            geometry = read(g);
            control = MemorySegment.ofAddress(ferry_geometry.control(g)).reinterpret(
                    ferry_geometry.control_bytes(g), controlArena, null);
            data = MemorySegment.ofAddress(ferry_geometry.data(g)).reinterpret(ferry_geometry.data_bytes(g), dataArena,
                    new Keep(handle));
        }
    }

    private static Geometry read(MemorySegment g) {
        return new Geometry(ferry_geometry.frames(g), ferry_geometry.stride(g), ferry_geometry.frame_size(g),
                ferry_geometry.headroom(g), ferry_geometry.ring_capacity(g), ferry_geometry.bridge_offset(g),
                ferry_geometry.bridge_bytes(g), ferry_geometry.rx_slots(g), ferry_geometry.tx_slots(g));
    }

    MemorySegment handle() {
        return handle;
    }

    MemorySegment control() {
        return control;
    }

    MemorySegment data() {
        return data;
    }

    Geometry geometry() {
        return geometry;
    }

    /// Bytes of memory: control words and frames.
    long bytes() {
        return control.byteSize() + data.byteSize();
    }

    /// Where every frame is as native code sees it: those in Java's magazines count as leased. Null once closed.
    PoolAudit audit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate(ferry_audit.layout());
            if (FerryBindings.ferry_pool_audit(handle, a) != FerryBindings.FERRY_OK()) {
                return null;
            }
            return new PoolAudit(ferry_audit.frames(a), ferry_audit.free(a), ferry_audit.cached(a),
                    ferry_audit.queued(a), ferry_audit.device(a), ferry_audit.leased(a), ferry_audit.duplicated(a),
                    ferry_audit.corrupt(a));
        }
    }

    /// Access to the data throws from here on, and the memory goes back to the system.
    ///
    /// @throws IllegalStateException if another thread is in the middle of an operation of the JDK on the data
    void close() {
        dataArena.close();
        FerryBindings.ferry_pool_close(handle);
    }
}
