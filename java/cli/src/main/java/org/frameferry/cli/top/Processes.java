// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds processes that have loaded Frameferry: by what they have mapped, without disturbing them. Static functions; any
 * thread.
 */
public final class Processes {
    /**
     * A Java process with Frameferry.
     *
     * @param pid its number
     * @param name its main class, or jar
     */
    public record Found(long pid, String name) {
        @Override
        public String toString() {
            return "%8d %s".formatted(pid, name);
        }
    }

    private static final String LIBRARY = "libframeferry";

    private Processes() {}

    /** {@return the Java processes of this user that have Frameferry, but for this one} */
    public static List<Found> withFrameferry() {
        return VirtualMachine.list().stream().map(vm -> new Found(Long.parseLong(vm.id()), firstWord(vm.displayName())))
                .filter(found -> found.pid() != ProcessHandle.current().pid() && hasFrameferry(found.pid())).toList();
    }

    /** {@return the process of that number} */
    static Found find(long pid) throws IOException {
        try {
            if (!isMapped(pid)) {
                throw new IOException("process " + pid + " has not loaded Frameferry: ferry top without a number finds"
                        + " those that have");
            }
        } catch (NoSuchFileException e) {
            throw new IOException("there is no process " + pid + ": ferry top without a number finds those with"
                    + " Frameferry", e);
        } catch (AccessDeniedException e) {
            throw new IOException("process " + pid + " belongs to user " + Files.getOwner(proc(pid))
                    + ", and may not be looked into: run ferry top as that user, or as root", e);
        }
        return VirtualMachine.list().stream().filter(vm -> vm.id().equals(Long.toString(pid))).findFirst()
                .map(vm -> new Found(pid, firstWord(vm.displayName()))).orElse(new Found(pid, ""));
    }

    private static boolean hasFrameferry(long pid) {
        try {
            return isMapped(pid);
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }

    /** The library stays mapped under its name, whether or not the file has been removed. Names need not be UTF-8. */
    private static boolean isMapped(long pid) throws IOException {
        return Files.readString(proc(pid).resolve("maps"), StandardCharsets.ISO_8859_1).contains(LIBRARY);
    }

    private static Path proc(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }

    private static String firstWord(String text) {
        return text.split(" ", 2)[0];
    }
}
