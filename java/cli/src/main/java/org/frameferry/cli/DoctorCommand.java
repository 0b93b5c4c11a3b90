// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.util.concurrent.Callable;
import org.frameferry.cli.demo.Doctor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** `ferry doctor`. Called by picocli on the main thread. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
        description = "Looks at this machine: what Frameferry needs, what is there, and what to do about the rest.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Doctor.run(spec.commandLine().getOut());
    }
}
