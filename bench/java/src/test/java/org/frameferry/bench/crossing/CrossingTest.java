// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.frameferry.bench.BenchFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;

/** Every mechanism puts all descriptors into the ring, and whoever does not is found out. */
class CrossingTest {
    private final Descriptors descriptors = new Descriptors();

    @BeforeEach
    void open() {
        descriptors.thread = "platform";
        descriptors.batch = 64;
        descriptors.open();
        descriptors.begin();
    }

    @AfterEach
    void close() {
        descriptors.close();
    }

    static Stream<Method> enqueues() {
        return Stream.of(Enqueue.class, EnqueueWritten.class).flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Benchmark.class)
                        && method.getParameterTypes()[0] == Descriptors.class);
    }

    @ParameterizedTest
    @MethodSource("enqueues")
    void everyMechanismPutsAllIn(Method method) throws ReflectiveOperationException {
        Object benchmark = method.getDeclaringClass().getDeclaredConstructor().newInstance();
        for (int i = 1; i <= 5; i++) { // more than the ring has room for
            method.invoke(benchmark, descriptors);
            assertEquals((long) i * Descriptors.FRAMES, descriptors.ring.count());
        }
        assertDoesNotThrow(descriptors::end);
    }

    @Test
    void thePublicApiReceivesAllThatItSends() {
        Loops loops = new Loops();
        loops.batch = 64;
        loops.open();
        assertDoesNotThrow(() -> new Enqueue().frameferry(loops));
        loops.close();
    }

    @Test
    void anEmptyCallCanBeMadeByAll() throws ReflectiveOperationException {
        for (Method method : Empty.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Benchmark.class)) {
                method.invoke(new Empty(), descriptors);
            }
        }
    }

    @Test
    void aLostDescriptorIsFoundOut() {
        descriptors.pushMapped();
        assertThrows(BenchFailure.class, descriptors::end);
    }

    @Test
    void theKindOfThreadIsChecked() {
        assertDoesNotThrow(() -> ((ThreadKind) descriptors).check());
        descriptors.thread = "virtual";
        assertThrows(BenchFailure.class, () -> ((ThreadKind) descriptors).check());
    }
}
