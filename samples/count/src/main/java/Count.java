// SPDX-License-Identifier: Apache-2.0
import org.frameferry.*;

/// Counts datagrams. Arguments: the port, 0 for any; how many to wait for.
void main(String[] arguments) {
    try (FramePool pool = FramePool.builder().build()) {
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", Integer.parseInt(arguments[0])));
             FrameBatch batch = bridge.newBatch(64)) {
            IO.println("receiving at " + bridge.localAddress());
            for (int left = Integer.parseInt(arguments[1]); left > 0; left -= batch.size()) {
                IO.println(bridge.receive(batch, Duration.ofDays(1)) + " frames in a call");
            }
        }
        IO.println(pool.audit());
    }
}
