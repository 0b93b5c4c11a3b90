// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

/**
 * What chapter 18 claims, in its own figures: a million operations are shown as one. Immutable; any thread.
 *
 * @param title of the claim
 * @param workload what is measured here, and how it is fair
 * @param more the rest of what the chapter says of it
 */
record Chapter(String id, String title, String workload, double baseline, double improved, String unit, double ratio,
        String more) {
    static final Chapter RING = new Chapter("ring", "Ring instead of list",
            "One thread hands buffers to another, on another processor. The baseline is the linked list under a spin"
                    + " lock, at its best: test and test-and-set, with a pause while it spins. The ring has the"
                    + " chapter's 1024 slots; it is used one item at a time, as in the chapter, then in bursts. Only"
                    + " the list touches the buffers: its links are in them. Each way waits as long as suits it best between"
                    + " two looks at an empty or a full queue.",
            375, 71, "ns", 5.3, "450 and 85 M cycles at 1.2 GHz, 18.5 and 2.8 M cache misses a million operations");
    static final Chapter POOL = new Chapter("pool", "Pool instead of malloc",
            "2 KiB of memory are taken on one thread, their first line is written, they are handed over, read and given"
                    + " back on another thread, which is what a receive path does. The baseline is glibc's malloc and"
                    + " free. What handing over and touching cost is measured in the same rounds and taken off both.",
            167, 4.2, "ns", 40, "200 and 5 M cycles, 12 and 1 M cache misses a million operations");
    static final Chapter BATCH = new Chapter("batch", "Batches of 32",
            "One thread takes buffers, writes 64 bytes into each and queues them; another takes them out, reads their"
                    + " 64 bytes and gives the buffers back: one at a time; then 32 at a time as the chapter does it"
                    + " (32 single dequeues, 32 single frees); then 32 with one release and one give. Both threads run"
                    + " at once, and who finds nothing asks again at once. Ring and pool are ours in all three; the"
                    + " chapter's own rings, with room for all buffers, are below.",
            708, 433, "ns", 1.6, "850 and 520 M cycles, 45 and 28 M cache misses a million packets");
    static final Chapter NAPI = new Chapter("napi", "NAPI instead of an interrupt a frame",
            "A simulated card receives 64-byte frames at 1 Gb/s, 1,488,095 a second, and holds as many as its FIFO"
                    + " does. Virtual time: a processor of 1.2 GHz, 1000 cycles an interrupt, and the costs below, so"
                    + " that the answer is the same on every machine. The baseline takes an interrupt a frame; NAPI"
                    + " masks it and polls up to 64 frames a round.",
            690, 1020, "Mb/s", 1.48, "31 and 0.12 % lost, 95 and 68 % CPU (28 % less)");
    static final Chapter HEADERS = new Chapter("headers", "Header arithmetic instead of a copy",
            "A header of 14 bytes is put in front of a packet and taken away again; both ways write it. The baseline"
                    + " moves the payload with memmove, there and back; push and pull add to the descriptor's offset,"
                    + " after checking that there is headroom. The chapter does not say how long its packet was: the"
                    + " ratio is that of 9000 bytes.",
            375, 10, "ns", 37.5, "450 and 12 M cycles a million operations; not checked for headroom");
    static final Chapter DRIVER = new Chapter("driver", "The whole driver",
            "The driver that fails (list, spin lock, malloc a packet, interrupt a packet) and the optimised one (ring,"
                    + " pool, NAPI with a budget of 64, batches of 32), both complete, receive the same 64-byte frames"
                    + " at 1 Gb/s from the same simulated card. The ratio is what the one lost, as a share, in times of"
                    + " what the other lost, or of one frame if it lost none.",
            31.1, 0.12, "%", 259, "599 and 1020 Mb/s (1.70 x), 95 and 68 % CPU, 18.5 and 2.8 M cache misses a second");

    /** "375 ns". */
    String text(double value) {
        return Goal.plain(value) + " " + unit;
    }
}
