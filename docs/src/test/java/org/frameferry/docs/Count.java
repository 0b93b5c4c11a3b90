// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.time.Duration;
import org.frameferry.*;

class Count {
    public static void main(String[] args) {
        try (FramePool pool = FramePool.builder().build();
             Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", Integer.parseInt(args[0])))) {
            FrameBatch batch = bridge.newBatch(64);
            while (bridge.receive(batch, Duration.ofSeconds(1)) >= 0) {
                System.out.println(batch.size() + " frames");
            }
        }
    }
}
