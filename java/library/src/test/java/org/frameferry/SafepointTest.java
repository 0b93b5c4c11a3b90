// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Critical calls do not let the virtual machine stop their thread, and its compiler may leave out the stop in a loop
/// around them. A thread that polls without end must not keep the garbage collector waiting without end. In a process
/// of its own: where this fails, nothing else in the process goes on.
class SafepointTest {
    @ParameterizedTest
    @ValueSource(strings = {"receive", "lease"})
    void aThreadThatOnlyLooksCanBeStopped(String what) throws Exception {
        ChildJvm.onModulePath(List.of("--enable-native-access=org.frameferry"), what).assertOk("ok");
    }
}
