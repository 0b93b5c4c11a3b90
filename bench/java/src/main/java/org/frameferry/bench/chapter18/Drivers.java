// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.frameferry.bench.NativeProgram;

/** Where the chapter's drivers are run: in one language, which their frames are consumed in. One thread at a time. */
interface Drivers {
    /** {@return "C" or "Java"} */
    String language();

    /**
     * {@return which it has, of "interrupt", "napi", "moderated", "failing" and "optimised"}
     *
     * @param clock "real" or "virtual"
     */
    List<String> names(String clock);

    /** {@return what came of it, empty if it was ended by Ctrl-C} */
    Optional<DriverRun> run(DriverRequest request) throws IOException;

    /** Those that are consumed in C, all five, by the native program. */
    static Drivers inC() {
        NativeProgram program = new NativeProgram("driver");
        return new Drivers() {
            @Override
            public String language() {
                return "C";
            }

            @Override
            public List<String> names(String clock) {
                return List.of("interrupt", "napi", "moderated", "failing", "optimised");
            }

            @Override
            public Optional<DriverRun> run(DriverRequest request) throws IOException {
                Optional<String> text = program.output(request.arguments());
                return text.isEmpty() ? Optional.empty() : Optional.of(DriverRun.parse(text.get()));
            }
        };
    }
}
