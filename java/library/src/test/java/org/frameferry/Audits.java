// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// The audit that every test of a pool ends with. As a resource opened right after the pool, it is closed, and so
/// looks, when batches and bridges opened later are closed already. Any thread, while nothing moves.
final class Audits implements AutoCloseable {
    private final FramePool pool;

    private Audits(FramePool pool) {
        this.pool = pool;
    }

    static Audits of(FramePool pool) {
        return new Audits(pool);
    }

    /// Nobody holds a frame, and each is in exactly one place.
    static void assertAtRest(FramePool pool) {
        PoolAudit audit = pool.audit();
        assertAll(audit.toString(),
                () -> assertEquals(pool.frames(), audit.frames(), "frames"),
                () -> assertEquals(0, audit.leased(), "leased"),
                () -> assertEquals(0, audit.duplicated(), "duplicated"),
                () -> assertEquals(0, audit.corrupt(), "corrupt"),
                () -> assertEquals(audit.frames(), audit.free() + audit.cached() + audit.queued() + audit.device(),
                        "free + cached + queued + device"));
    }

    /// Closes a pool that other threads are still using: as often as it takes until they have given all frames back.
    static void closeUnderUse(FramePool pool) {
        while (!pool.isClosed()) {
            try {
                pool.close();
            } catch (LeasesOutstandingException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        assertAtRest(pool);
    }
}
