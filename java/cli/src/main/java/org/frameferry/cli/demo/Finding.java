// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

/**
 * One line of the doctor's: what was looked at, what was found, what to do about it. Immutable; any thread.
 *
 * @param status ok; warn: it runs, but not at its best; fail: it cannot run
 * @param remedy null if there is nothing to do
 */
record Finding(Status status, String subject, String found, String remedy) {
    enum Status { OK, WARN, FAIL }

    static Finding ok(String subject, String found) {
        return new Finding(Status.OK, subject, found, null);
    }

    static Finding warn(String subject, String found, String remedy) {
        return new Finding(Status.WARN, subject, found, remedy);
    }

    static Finding fail(String subject, String found, String remedy) {
        return new Finding(Status.FAIL, subject, found, remedy);
    }

    /** {@return one line for people, two with a remedy} */
    String text() {
        String line = "%-5s %-15s %s".formatted(status.name().toLowerCase(), subject, found);
        return remedy == null ? line : line + System.lineSeparator() + " ".repeat(22) + "-> " + remedy;
    }
}
