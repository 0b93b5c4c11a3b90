// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

/** What is the same for all contestants. Any thread. */
final class Contest {
    static final int FRAME_BYTES = 2048;
    /** Frames of a batch, and what the others allocate before they free. */
    static final int BATCH = 64;
    /** What the "written" benchmarks copy into each frame. */
    static final byte[] PAYLOAD = new byte[64];

    private Contest() {}
}
