// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Any sequence of what can be done with a pool, its frames and a batch, against a plain model of them. What the model
/// refuses, the pool refuses, with the model's exception; after each step every frame is where the model has it, with
/// the model's bytes.
class PoolModelPropertyTest {
    @Provide
    Arbitrary<List<PoolModel.Step>> steps() {
        Arbitrary<Integer> small = Arbitraries.integers().between(-1, 6);
        Arbitrary<Integer> any = Arbitraries.integers().between(-1, 140);
        return Combinators.combine(Arbitraries.of(PoolModel.Operation.class), Arbitraries.integers().between(0, 13),
                Arbitraries.oneOf(small, any)).as(PoolModel.Step::new).list().ofMaxSize(80);
    }

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void followsTheModel(@ForAll("steps") List<PoolModel.Step> steps,
            @ForAll @IntRange(min = 1, max = 6) int frames, @ForAll LeakTracking tracking, @ForAll Overflow overflow) {
        FramePool pool = FramePool.builder().frames(frames).frameSize(64).headroom(64).leakTracking(tracking)
                .overflow(overflow).build();
        PoolModel model = new PoolModel(pool, overflow == Overflow.ALLOCATE);
        model.check();
        for (PoolModel.Step step : steps) {
            model.apply(step);
            model.check();
        }
        model.releaseAll();
        Audits.assertAtRest(pool);
        pool.close();
        assertThrows(ClosedException.class, pool::tryLease);
        assertThrows(ClosedException.class, () -> pool.lease(model.batch, 1));
        model.checkHandles();
    }
}
