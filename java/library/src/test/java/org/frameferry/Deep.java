// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// How long a stress is: as long as `./ferry test` has patience for, or, where FERRY_DEEP is set in the environment, 50
/// times as long. Any thread.
final class Deep {
    private static final int TIMES = System.getenv("FERRY_DEEP") != null ? 10 : 1;

    private Deep() {
    }

    /// {@return what a stress does n times: so often, or as often as a deep one does}
    static int often(int n) {
        return n * TIMES;
    }
}
