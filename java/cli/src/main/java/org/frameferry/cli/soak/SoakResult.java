// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.util.List;
import java.util.Map;

/**
 * What a soak has found. Immutable; any thread.
 *
 * @param seconds that it ran
 * @param parts what has come of the frames of each
 * @param leaked frames that are not back in their pool in the end, or that are in two places
 * @param carriedWarm frames that came after the warm-up
 * @param grown what the process took on top after the warm-up
 * @param resident bytes of memory that were resident in the end
 * @param failures what ended it early, or did not end
 */
record SoakResult(double seconds, Map<String, Tally> parts, long leaked, long carriedWarm, Health grown, long resident,
        List<String> failures) {
    /** {@return all parts together} */
    Tally all() {
        return parts.values().stream().reduce(Tally.NONE, Tally::plus);
    }

    double bytesPerFrame() {
        return carriedWarm == 0 ? 0 : (double) grown.allocated() / carriedWarm;
    }

    /** {@return whether nothing is wrong in any part: what is lost in one does not make up for too many in another} */
    boolean isClean() {
        return failures.isEmpty() && leaked == 0 && parts.values().stream().allMatch(Tally::isClean);
    }
}
