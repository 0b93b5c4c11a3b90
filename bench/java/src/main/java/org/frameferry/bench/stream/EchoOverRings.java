// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.util.ArrayList;
import java.util.List;
import org.frameferry.bench.crossing.NativeRing;
import org.frameferry.bench.stream.NativeSide.Role;
import org.frameferry.bench.stream.RingEnd.Crossing;

/** A round trip through two of our rings. Belongs to the benchmark's thread. */
public abstract class EchoOverRings extends Echo {
    private final Crossing crossing;
    private final boolean byNative;
    private final List<NativeRing> rings = new ArrayList<>();

    /** @param byNative whether the other end is in C */
    EchoOverRings(Crossing crossing, boolean byNative) {
        this.crossing = crossing;
        this.byNative = byNative;
    }

    @Override
    final Stream make() {
        NativeRing ring = new NativeRing(capacity);
        rings.add(ring);
        return new DescriptorStream(crossing.end(ring, true), crossing.end(ring, false), 1);
    }

    @Override
    final Flow.Other start(Stream out, Stream in) {
        return byNative
                ? new NativeSide.Plan(rings.getFirst(), rings.getLast(), null, 1, Payload.NONE).start(Role.ECHOES)
                : super.start(out, in);
    }

    @Override
    public void close() {
        super.close();
        rings.forEach(NativeRing::close);
        rings.clear();
    }
}
