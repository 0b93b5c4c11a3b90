// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The word of a frame through the lives of its leases: plain, special and shared. One thread; races between several are
/// jcstress's.
class GenerationsTest {
    private final Generations generations = new Generations(2);

    @Test
    void aPlainLeaseEndsOnce() {
        long key = generations.key(1);
        assertTrue(generations.isPlain(1, key) && generations.isHeld(1, key));
        assertFalse(generations.isShared(1, key));
        assertTrue(generations.end(1, key));
        assertFalse(generations.isPlain(1, key) || generations.isHeld(1, key) || generations.isShared(1, key));
        assertFalse(generations.end(1, key));
        assertFalse(generations.share(1, key));
        assertNotEquals(key, generations.key(1));
        assertTrue(generations.isPlain(1, generations.key(1)), "the next lease");
        assertTrue(generations.isPlain(0, 0), "another frame");
    }

    @Test
    void aSpecialLeaseDoesNotEndThePlainWay() {
        long key = generations.specialKey(0);
        assertEquals(0, key & (1 << 17) - 1, "nothing but the generation");
        assertTrue(generations.isHeld(0, key));
        assertFalse(generations.isPlain(0, key) || generations.end(0, key) || generations.isShared(0, key));
        assertTrue(generations.drop(0));
        assertFalse(generations.isHeld(0, key));
        long next = generations.key(0);
        assertEquals(0, next & (1 << 17) - 1, "nothing is left of it");
        assertTrue(generations.end(0, next));
    }

    @Test
    void aSharedLeaseEndsWithItsLastHolder() {
        long key = generations.key(0);
        assertTrue(generations.share(0, key));
        assertTrue(generations.share(0, key));
        for (int left = 2; left > 0; left--) {
            assertTrue(generations.isShared(0, key));
            assertFalse(generations.isPlain(0, key) || generations.end(0, key));
            assertFalse(generations.drop(0));
        }
        assertTrue(generations.isHeld(0, key));
        assertFalse(generations.isShared(0, key));
        assertFalse(generations.end(0, key), "it was shared, and stays special");
        assertTrue(generations.drop(0));
        assertFalse(generations.isHeld(0, key) || generations.share(0, key));
        assertTrue(generations.end(0, generations.key(0)));
    }

    @Test
    void asManyHoldersAsThereIsRoomFor() {
        long key = generations.key(0);
        for (int holders = 1; holders < 65_536; holders++) {
            assertTrue(generations.share(0, key));
        }
        assertEquals("a frame can be shared by 65536 holders at most",
                assertThrows(IllegalStateException.class, () -> generations.share(0, key)).getMessage());
        for (int holders = 65_536; holders > 1; holders--) {
            assertFalse(generations.drop(0));
        }
        assertTrue(generations.drop(0));
        assertFalse(generations.isHeld(0, key));
    }
}
