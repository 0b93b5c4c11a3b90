// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.Progress;
import org.frameferry.bench.results.Measurement;

/** The workloads of a suite that one tool measures. One thread runs it, any other may ask for the results meanwhile. */
interface Part {
    /** {@return how long a round takes, as far as one can plan} */
    double seconds();

    /**
     * Runs each workload once.
     *
     * @param title of the round
     * @return false if it was ended by Ctrl-C
     */
    boolean round(String title, Progress progress) throws IOException;

    /** {@return what there is so far} */
    List<Measurement> measurements() throws IOException;

    /** {@return what the tools wrote themselves, by their names} */
    Map<String, List<JsonNode>> tools();

    /** {@return the compiler and options of what ran, "" if it is not compiled beforehand} */
    default String compiler() {
        return "";
    }

    /** {@return who could not take part, and why} */
    default List<String> notes() {
        return List.of();
    }

    /** {@return the virtual machine's flags, if one was started} */
    default List<String> flags() {
        return List.of();
    }
}
