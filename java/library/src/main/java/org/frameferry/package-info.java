// SPDX-License-Identifier: Apache-2.0

/// Frames between native code and Java.
///
/// A [org.frameferry.FramePool] owns off-heap frames of one size. A [org.frameferry.Bridge] joins a native
/// [org.frameferry.Device] to two rings of 64-bit descriptors; a [org.frameferry.FrameBatch] of frames crosses between the
/// languages in one foreign call, and the payload never moves.
///
/// ```java
/// try (FramePool pool = FramePool.builder().frames(4096).frameSize(2048).build();
///      Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 9000))) {
///     FrameBatch batch = bridge.newBatch(64);
///     Duration patience = Duration.ofMillis(100);
///     while (bridge.receive(batch, patience) >= 0) {
///         for (Frame frame : batch) {
///             handle(frame.memory(), frame.offset(), frame.length());
///         }
///     }
/// }
/// ```
///
/// Ownership: a frame is in exactly one place, and who holds it may touch it: a batch, a detached [org.frameferry.Frame], a
/// ring, the device, or the pool. Using a frame after it moved on throws [org.frameferry.FrameReleasedException]. Threads:
/// a batch, and each end of a bridge, belongs to the thread that first uses it until it is unbound;
/// other threads get a [java.lang.WrongThreadException]. Everything else may be called by any thread.
package org.frameferry;
