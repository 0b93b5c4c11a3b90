// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/// The native library that a jar carries, as a file: `frameferry-UID/libframeferry-HASH.so` in the temporary directory,
/// or where `-Dframeferry.tmpdir` says, when that one is mounted `noexec`. Any thread, and any number of processes at
/// once.
///
/// The directory is one that only this user can enter, and that nobody else can put another in the place of. The file
/// stays there, for the next process, which compares it with what its own jar carries, byte by byte. So the hash need
/// not be one that nobody can forge: it keeps versions apart.
final class UnpackedLibrary {
    static final String TEMPORARY_PROPERTY = "frameferry.tmpdir";

    private static final Integer ROOT = 0;
    private static final int OTHERS = 0077; // whatever the group, or everybody, may do
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000; // only its owner renames a file
    private static final int PERMISSIONS = 07777;
    private static final FileAttribute<Set<PosixFilePermission>> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private UnpackedLibrary() {
    }

    /// {@return the file with that content, which is written if it is not there yet}
    ///
    /// @throws FerryException if another user could have a hand in it, or somebody has changed it
    static Path of(byte[] content) throws IOException {
        String named = System.getProperty(TEMPORARY_PROPERTY, System.getProperty("java.io.tmpdir"));
        Path parent = Path.of(named).toRealPath(); // without links: what is looked at is what is loaded from
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        checkWay(parent, user);
        Path directory = parent.resolve("frameferry-" + user);
        try {
            Files.createDirectory(directory, OWN);
        } catch (FileAlreadyExistsException e) {
            checkOwn(directory, user);
        }
        Path file = directory.resolve("libframeferry-" + hash(content) + ".so");
        if (!Files.exists(file)) {
            write(file, content);
        }
        if (!Arrays.equals(Files.readAllBytes(file), content)) {
            throw new FerryException("ETAMPERED", file + " is not what the jar carries: somebody has changed it; find "
                    + "out who could, then delete it");
        }
        return file;
    }

    private static String hash(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return Long.toHexString(crc.getValue());
    }

    /// Other processes see all of it or nothing, and each of several that write at once sees the same.
    private static void write(Path file, byte[] content) throws IOException {
        Path unfinished = Files.createTempFile(file.getParent(), null, null);
        try {
            Files.write(unfinished, content);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /// Every directory up from this one belongs to root or to this user, and nobody else can rename what is in it. So
    /// what is made there stays there.
    private static void checkWay(Path parent, Object user) throws IOException {
        for (Path directory = parent; directory != null; directory = directory.getParent()) {
            Object owner = owner(directory);
            int mode = mode(directory);
            boolean open = (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
            if (open || !owner.equals(ROOT) && !owner.equals(user)) {
                throw replaceable(parent, directory, owner, mode);
            }
        }
    }

    /// What was there before may be somebody else's, or a link: of a sticky directory anybody may have been the first.
    private static void checkOwn(Path directory, Object user) throws IOException {
        Object owner = owner(directory);
        int mode = mode(directory);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) || !owner.equals(user) || (mode & OTHERS) != 0) {
            throw replaceable(directory, directory, owner, mode);
        }
    }

    private static FerryException replaceable(Path place, Path because, Object owner, int mode) {
        return new FerryException("ENOLIBRARY", "another user could replace " + NativeLibrary.FILE + " in " + place
                + ", because " + because + " has owner " + owner + " and mode " + Integer.toOctalString(mode)
                + ": set -D" + TEMPORARY_PROPERTY + "=DIRECTORY to one that only this user can write");
    }

    private static Object owner(Path directory) throws IOException {
        return Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path directory) throws IOException {
        return PERMISSIONS & (int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }
}
