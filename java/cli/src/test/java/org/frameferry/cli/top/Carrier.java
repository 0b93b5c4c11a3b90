// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.frameferry.Bridge;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Loop;
import org.frameferry.PoolAudit;

/**
 * A process to look into: a pool named "carrier" with a loop, over which it carries as many frames as it is told. One
 * thread.
 */
public final class Carrier implements AutoCloseable {
    private final Process process;
    private final BufferedReader from;
    private final Writer to;

    private Carrier(Process process) {
        this.process = process;
        from = process.inputReader(StandardCharsets.UTF_8);
        to = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * {@return one that is ready}
     *
     * @throws IOException if it says anything else
     */
    public static Carrier start() throws IOException {
        String path = classes(FramePool.class) + ":" + classes(Carrier.class);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Carrier carrier = new Carrier(new ProcessBuilder(java, "--enable-native-access=ALL-UNNAMED", "-cp", path,
                Carrier.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        carrier.expect("ready");
        return carrier;
    }

    static Path classes(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** {@return its number} */
    public long pid() {
        return process.pid();
    }

    /**
     * Has it carry so many frames, one batch each.
     *
     * @param frames 0 or more
     * @throws IOException if it does not
     */
    public void carry(int frames) throws IOException {
        to.write(frames + "\n");
        to.flush();
        expect("carried");
    }

    /** Has it end, and audit its pool. */
    @Override
    public void close() throws IOException {
        try {
            to.close();
            expect("sound");
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    private void expect(String word) throws IOException {
        String line = from.readLine();
        if (!word.equals(line)) {
            throw new IOException("expected " + word + ", was " + line);
        }
    }

    /**
     * The process.
     *
     * @param arguments none
     * @throws IOException if its orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (FramePool pool = FramePool.builder().name("carrier").frames(64).frameSize(128).build()) {
            try (Bridge loop = Bridge.open(pool, Loop.device()); FrameBatch batch = pool.newBatch(1)) {
                System.out.println("ready");
                for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                    for (int i = Integer.parseInt(line); i > 0; i--) {
                        pool.lease(batch, 1);
                        loop.send(batch);
                        loop.receive(batch, Duration.ofHours(1));
                        batch.release();
                    }
                    System.out.println("carried");
                }
            }
            PoolAudit audit = pool.audit();
            boolean back = audit.free() + audit.cached() == audit.frames();
            System.out.println(audit.sound() && back ? "sound" : audit.toString());
        }
    }
}
