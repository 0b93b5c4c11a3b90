// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A method, and what each misuse of it ends with: a row of MISUSE.md, whose cells can be executed. One thread.
final class MisuseRow {
    /// One misuse, tried on a world of its own.
    interface Act {
        void run(MisuseWorld world) throws Exception;
    }

    /// What a cell says, and what proves it.
    record Cell(MisuseRow row, Misuse misuse, String outcome, List<Act> acts) {
        /// Each act in each way that the row is for; every world ends with an exact audit.
        void execute() throws Exception {
            for (Way way : row.ways) {
                for (Act act : acts) {
                    MisuseWorld world = new MisuseWorld(way);
                    act.run(world);
                    world.end();
                }
            }
        }

        @Override
        public String toString() {
            return row + ", " + misuse.title + ": " + outcome;
        }
    }

    private final Class<?> type;
    private final String signature;
    private final Map<Misuse, List<Cell>> cells = new EnumMap<>(Misuse.class);
    private List<Way> ways = List.of(new Way(Bridge.Mode.THREADED, Bridge.Crossing.BATCHED));

    private MisuseRow(Class<?> type, String signature) {
        this.type = type;
        this.signature = signature;
    }

    /// @param signature name and simple types, as [#signature(Method)] has it
    static MisuseRow row(Class<?> type, String signature) {
        return new MisuseRow(type, signature);
    }

    /// `tryLease(Frame)`.
    static String signature(Method method) {
        return method.getName() + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /// For methods of a bridge: each act runs once in each way.
    MisuseRow eachWay() {
        ways = Way.all().toList();
        return this;
    }

    /// Each act ends with exactly that exception.
    MisuseRow refuses(Misuse misuse, Class<? extends Throwable> expected, Act... acts) {
        return refuses(misuse, "", expected, acts);
    }

    /// @param when what the exception is for, if the misuse has more than one outcome: "of a batch: "
    MisuseRow refuses(Misuse misuse, String when, Class<? extends Throwable> expected, Act... acts) {
        Act[] refused = Arrays.stream(acts)
                .map(act -> (Act) world -> assertThrowsExactly(expected, () -> act.run(world))).toArray(Act[]::new);
        return gives(misuse, when + expected.getSimpleName(), refused);
    }

    /// Each act ends well, and has looked that the result is the one that is documented.
    MisuseRow gives(Misuse misuse, String result, Act... acts) {
        cells.computeIfAbsent(misuse, _ -> new ArrayList<>()).add(new Cell(this, misuse, result, List.of(acts)));
        return this;
    }

    /// The method's result, for rows that are alike but for the method.
    ///
    /// @param target null: the method is static
    Object call(Object target, Object... arguments) throws Exception {
        try {
            return method().invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private Method method() {
        return Arrays.stream(type.getDeclaredMethods()).filter(method -> signature(method).equals(signature))
                .findFirst().orElseThrow(() -> new AssertionError("there is no " + this));
    }

    Class<?> type() {
        return type;
    }

    Stream<Cell> cells() {
        return cells.values().stream().flatMap(List::stream);
    }

    /// The row as the document has it.
    String render() {
        return Arrays.stream(Misuse.values()).map(misuse -> cells.getOrDefault(misuse, List.of()).stream()
                .map(Cell::outcome).distinct().collect(Collectors.joining("; "))).map(cell -> cell.isEmpty() ? "–" : cell)
                .collect(Collectors.joining(" | ", "| `" + signature + "` | ", " |\n"));
    }

    @Override
    public String toString() {
        return MisuseTable.name(type) + "." + signature;
    }
}
