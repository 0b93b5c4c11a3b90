// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.frameferry.bench.NativeProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** `ferry bench driver`: hands its options to the native program, which checks them. Called by picocli on the main thread. */
@Command(name = "driver", description = "One run of one of the chapter's drivers against a simulated network card, as JSON:"
        + " any line rate, load, arrivals (a pcap file's, too), FIFO and cost, in real or virtual time. `driver --help`"
        + " has the options.")
public final class DriverCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Unmatched
    private final List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        NativeProgram.Outcome outcome = new NativeProgram("driver").outcome(options);
        spec.commandLine().getOut().print(outcome.text());
        spec.commandLine().getOut().flush();
        return outcome.code();
    }
}
