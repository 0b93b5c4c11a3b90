// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import org.frameferry.cli.iperf3.DataPathFactory;

/**
 * A receiver in this JVM: a data path behind an iperf3 server, or by itself if the sender is not iperf3. The CPU it
 * uses is that of the whole JVM. One thread.
 */
record InProcess(String name, String about, DataPathFactory paths) implements Receiver {
    @Override
    public Run measure(Sender sender, int seconds, Runnable second) {
        try (Listener listener = sender.speaksIperf3() ? new ServerListener(paths) : new PlainListener(paths)) {
            long before = ProcessClock.own();
            Sender.Sent sent = sender.send(listener.port(), seconds, second);
            long cpu = ProcessClock.own() - before;
            Listener.Counted counted = listener.finish();
            return new Run(name, sent.datagrams(), counted.received(), sent.seconds(), cpu,
                    counted.path().framesPerCrossing(), counted.receiveBuffer());
        }
    }
}
