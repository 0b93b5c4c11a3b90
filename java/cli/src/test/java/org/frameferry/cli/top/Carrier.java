// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
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
    /** What a pool has in another version. */
    public interface OtherMXBean {
        /** {@return all that it has} */
        String getName();
    }

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
     * @param options of its virtual machine
     * @throws IOException if it says anything else
     */
    public static Carrier start(String... options) throws IOException {
        String path = classes(FramePool.class) + ":" + classes(Carrier.class);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", path));
        command.addAll(List.of(options));
        command.add(Carrier.class.getName());
        Carrier carrier = new Carrier(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
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
        order(Integer.toString(frames));
    }

    private void order(String line) throws IOException {
        to.write(line + "\n");
        to.flush();
        expect("done");
    }

    /**
     * Has it look as if it had a Frameferry of another version.
     *
     * @throws IOException if it does not
     */
    public void beOfAnotherVersion() throws IOException {
        order("another version");
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
     * @throws JMException if there are two of it
     */
    public static void main(String[] arguments) throws IOException, JMException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (FramePool pool = FramePool.builder().name("carrier").frames(64).frameSize(128).build()) {
            try (Bridge loop = Bridge.open(pool, Loop.device()); FrameBatch batch = pool.newBatch(1)) {
                System.out.println("ready");
                for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                    if (line.equals("another version")) {
                        ManagementFactory.getPlatformMBeanServer().registerMBean((OtherMXBean) () -> "other",
                                new ObjectName("org.frameferry:type=FramePool,name=other"));
                    } else {
                        carry(pool, loop, batch, Integer.parseInt(line));
                    }
                    System.out.println("done");
                }
            }
            PoolAudit audit = pool.audit();
            boolean back = audit.free() + audit.cached() == audit.frames();
            System.out.println(audit.sound() && back ? "sound" : audit.toString());
        }
    }

    private static void carry(FramePool pool, Bridge loop, FrameBatch batch, int frames) {
        for (int i = frames; i > 0; i--) {
            pool.lease(batch, 1);
            loop.send(batch);
            loop.receive(batch, Duration.ofHours(1));
            batch.release();
        }
    }
}
