// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// The ways to misuse a method: the columns of MISUSE.md.
enum Misuse {
    CLOSED("closed", "the pool, bridge or sender was closed before"),
    WRONG_THREAD("wrong thread", "by another thread than the one that has the batch, or the end of the bridge"),
    NULL("null", "null in place of each argument that is an object"),
    NEGATIVE("negative", "a number or a duration below zero"),
    TOO_LARGE("too large", "a number, a duration or data beyond what is allowed, or more than there is"),
    RELEASED("released", "with a frame that was released"),
    FOREIGN("foreign", "with a frame, batch or device that does not belong there"),
    REENTRANT("re-entrant", "from inside itself: an iteration, a lease, or a function that the library calls"),
    CONCURRENT("concurrent", "by two threads at once, thousands of times; or while another one closes, or releases");

    final String title;
    final String meaning;

    Misuse(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }
}
