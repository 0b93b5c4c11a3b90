// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.frameferry.bindings.FerryBindings;
import org.junit.jupiter.api.Test;

/// The metadata with which GraalVM builds a native image names every shape in which the library calls C: all that the
/// bindings can call, and the gate's own handles; and what JMX looks at. With
/// `-Dreachability.write` the file is written instead.
class NativeImageTest {
    private static final String FILE = "META-INF/native-image/org.frameferry/frameferry/reachability-metadata.json";
    private static final String CRITICAL = ", \"options\": {\"critical\": {\"allowHeapAccess\": false}}";

    /// Java's types by the names that they have in JNI; see "foreign" in GraalVM's schema of the file.
    private static String name(Class<?> type) {
        return type == MemorySegment.class ? "void*" : type == void.class ? "void" : "j" + type.getName();
    }

    private static String downcall(MethodType type, String options) {
        String parameters = type.parameterList().stream().map(parameter -> '"' + name(parameter) + '"')
                .collect(Collectors.joining(", "));
        return "      {\"returnType\": \"" + name(type.returnType()) + "\", \"parameterTypes\": [" + parameters + "]"
                + options + "}";
    }

    private static SortedSet<String> downcalls() throws Exception {
        NativeLibrary.require();
        SortedSet<String> all = new TreeSet<>();
        for (Method method : FerryBindings.class.getMethods()) {
            if (method.getReturnType() == FunctionDescriptor.class) {
                all.add(downcall(((FunctionDescriptor) method.invoke(null)).toMethodType(), ""));
            }
        }
        for (Class<?> holder : NativeGate.class.getDeclaredClasses()) {
            for (Field handle : holder.getDeclaredFields()) {
                handle.setAccessible(true);
                all.add(downcall(((MethodHandle) handle.get(null)).type(),
                        handle.getName().equals("CRITICAL") ? CRITICAL : ""));
            }
        }
        return all;
    }

    private static String metadata() throws Exception {
        return """
                {
                  "reflection": [
                    {"type": "org.frameferry.BridgeSnapshot", "allPublicMethods": true},
                    {"type": "org.frameferry.FramePoolMXBean", "allPublicMethods": true},
                    {"type": "org.frameferry.LatencySummary", "allPublicMethods": true},
                    {"type": "org.frameferry.PoolAudit", "allPublicMethods": true},
                    {"type": "org.frameferry.PoolStatistics", "allPublicMethods": true}
                  ],
                  "resources": [
                    {"glob": "META-INF/native/*/libframeferry.so"}
                  ],
                  "foreign": {
                    "downcalls": [
                %s
                    ]
                  }
                }
                """.formatted(String.join(",\n", downcalls()));
    }

    @Test
    void everyCallIsRegistered() throws Exception {
        if (System.getProperty("reachability.write") != null) {
            Files.writeString(Path.of("src/main/resources", FILE), metadata());
            return;
        }
        try (InputStream in = FramePool.class.getResourceAsStream("/" + FILE)) {
            assertEquals(metadata(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
