// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceNotFoundException;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.frameferry.ClosedException;
import org.frameferry.FerryException;
import org.frameferry.FramePoolMXBean;

/** Another process, which we look into by JMX. It pays for its management agent, and for each look. One thread. */
final class Watched implements AutoCloseable {
    private static final String POOLS = "org.frameferry:type=FramePool,*";
    private static final int GRACE_SECONDS = 5;

    private final Processes.Found process;
    private final JMXConnector connector;
    private final MBeanServerConnection server;

    /** @throws IOException in one line, if the process cannot be looked into */
    Watched(long pid) throws IOException {
        process = Processes.find(pid);
        connector = JMXConnectorFactory.connect(new JMXServiceURL(agent()));
        server = connector.getMBeanServerConnection();
    }

    private String agent() throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
            try {
                return machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | IOException e) {
            throw new IOException(this + " cannot be attached to (" + e.getMessage() + "): it must be a Java process,"
                    + " started without -XX:+DisableAttachMechanism", e);
        }
    }

    /** @throws IOException in one line, if the process has ended */
    Sample sample() throws IOException {
        try {
            List<ObjectName> names = new ArrayList<>(server.queryNames(new ObjectName(POOLS), null));
            names.sort(Comparator.comparing(ObjectName::getCanonicalName));
            List<Sample.Pool> pools = new ArrayList<>();
            for (ObjectName name : names) {
                look(name, pools);
            }
            return new Sample(System.nanoTime(), pools);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new IOException(this + (ends() ? " has ended" : " does not answer any more: " + e.getMessage()), e);
        }
    }

    /** A process closes its connections a moment before it is gone. */
    private boolean ends() {
        return ProcessHandle.of(process.pid()).map(handle -> handle.onExit().thenApply(_ -> true)
                .completeOnTimeout(false, GRACE_SECONDS, TimeUnit.SECONDS).join()).orElse(true);
    }

    private void look(ObjectName name, List<Sample.Pool> pools) throws IOException {
        FramePoolMXBean bean = JMX.newMXBeanProxy(server, name, FramePoolMXBean.class);
        try {
            String instance = name.getKeyProperty("instance");
            pools.add(new Sample.Pool(instance == null ? bean.getName() : bean.getName() + " (" + instance + ")",
                    bean.getStatistics(), bean.getBridges()));
        } catch (ClosedException e) {
            return; // between the two calls
        } catch (UndeclaredThrowableException e) {
            if (e.getCause() instanceof IOException lost) {
                throw lost;
            }
            if (!(e.getCause() instanceof InstanceNotFoundException)) {
                throw new FerryException("EVERSION", this + " has a Frameferry of another version ("
                        + e.getCause().getMessage() + "): use the ferry of that one");
            }
        }
    }

    Processes.Found process() {
        return process;
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            return; // the other one has ended
        }
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }
}
