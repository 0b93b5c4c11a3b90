// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.frameferry.FramePool;
import org.frameferry.PoolAudit;

/** Closes a pool when each of its frames is where it belongs. */
final class Audit {
    private Audit() {}

    static void close(FramePool pool) {
        PoolAudit audit = pool.audit();
        assertTrue(audit.sound(), audit::toString);
        assertEquals(audit.frames(), audit.free() + audit.cached(), audit::toString);
        pool.close();
    }
}
