// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.util.Arrays;
import org.frameferry.Bridge.Crossing;
import org.frameferry.Bridge.Mode;

/** Who receives. Immutable; any thread. */
enum Contestant {
    FRAMEFERRY_INLINE("frameferry-inline", (buffer, tally) -> new FrameferryReceiver(Mode.INLINE, Crossing.BATCHED,
            buffer, tally)),
    FRAMEFERRY_THREADED("frameferry-threaded", (buffer, tally) -> new FrameferryReceiver(Mode.THREADED,
            Crossing.BATCHED, buffer, tally)),
    NIO("nio", (buffer, tally) -> new NioReceiver(false, buffer, tally)),
    NIO_BLOCKING("nio-blocking", (buffer, tally) -> new NioReceiver(true, buffer, tally)),
    NETTY_EPOLL("netty-epoll", NettyReceiver::epoll),
    NETTY_IO_URING("netty-io-uring", NettyReceiver::ioUring),
    /** A program of its own: a loop of recvmmsg, moderated as Frameferry is. */
    BARE_C("bare-c", null);

    /** Opens one. */
    private interface Opener {
        DatagramReceiver open(int receiveBuffer, Tally tally) throws IOException;
    }

    private final String title;
    private final Opener opener;

    Contestant(String title, Opener opener) {
        this.title = title;
        this.opener = opener;
    }

    /** {@return its name in results} */
    String title() {
        return title;
    }

    boolean isJava() {
        return opener != null;
    }

    /**
     * {@return one that is open, in Java}
     *
     * @param receiveBuffer bytes to ask the kernel for
     * @throws UnsupportedOperationException if this machine has not what it takes
     */
    DatagramReceiver open(int receiveBuffer, Tally tally) throws IOException {
        return opener.open(receiveBuffer, tally);
    }

    static Contestant of(String title) {
        return Arrays.stream(values()).filter(c -> c.title.equals(title)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("there is no contestant " + title));
    }
}
