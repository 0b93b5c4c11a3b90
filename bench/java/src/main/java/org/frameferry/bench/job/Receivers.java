// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The program of a contestant in Java. It prints the line "port N", or "unavailable REASON"; then, for each line that
 * it reads, what it has counted; and ends with its input. A thread named "receive" receives, the main thread talks.
 */
public final class Receivers {
    static final String PORT = "port ";
    static final String UNAVAILABLE = "unavailable ";
    private static final String THREAD = "receive";
    /** Ours, Netty's event loop which is called after it, a bridge's own, and the kernel's that work for io_uring. */
    private static final List<String> RECEIVING = List.of(THREAD, "ferry-poll", "iou-");

    private Receivers() {}

    /** @param args a contestant's name and the bytes of receive buffer to ask for */
    public static void main(String[] args) throws IOException {
        Tally tally = new Tally();
        Thread.ofPlatform().name(THREAD).start(() -> receive(Contestant.of(args[0]), Integer.parseInt(args[1]), tally));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (in.readLine() != null) {
            System.out.println(tally.snapshot(ThreadClocks.ofThreads(RECEIVING), ThreadClocks.process()).line());
        }
        System.exit(0); // the receiver would go on for ever
    }

    private static void receive(Contestant contestant, int receiveBuffer, Tally tally) {
        try {
            DatagramReceiver receiver = contestant.open(receiveBuffer, tally);
            System.out.println(PORT + receiver.port());
            receiver.run();
        } catch (UnsupportedOperationException e) {
            System.out.println(UNAVAILABLE + reason(e));
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
        }
        System.exit(1); // without a receiver there is nothing to count
    }

    /** {@return the innermost message, in one line} */
    private static String reason(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                : reason(e.getCause());
    }
}
