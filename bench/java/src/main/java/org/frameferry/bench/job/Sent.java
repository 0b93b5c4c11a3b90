// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What the sender did. Immutable; any thread.
 *
 * @param datagrams that the kernel took
 * @param seconds that it took
 * @param roundTrip ns that a word took from its processor to the receiver's and back, around it
 */
record Sent(long datagrams, double seconds, double roundTrip) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * {@return what the sender says in its line of JSON}
     *
     * @param roundTrip that was measured around it
     * @throws IllegalArgumentException if it is none
     */
    static Sent parse(String text, double roundTrip) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.path("sent").isIntegralNumber() || !node.path("seconds").isNumber()) {
                throw new IllegalArgumentException("the sender does not say what it sent: " + text);
            }
            return new Sent(node.path("sent").asLong(), node.path("seconds").asDouble(), roundTrip);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("what the sender printed is no JSON: " + text, e);
        }
    }

    double perSecond() {
        return datagrams / seconds;
    }
}
