// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The library as a module: one public package, no dependencies but optional ones. The tests run inside it, as users' code does beside
/// it.
class ModuleTest {
    private final Module module = FramePool.class.getModule();
    private final ModuleDescriptor descriptor = module.getDescriptor();

    @Test
    void isNamed() {
        assertTrue(module.isNamed());
        assertEquals("org.frameferry", module.getName());
        assertFalse(descriptor.isAutomatic());
        assertFalse(descriptor.isOpen());
    }

    @Test
    void exportsOnePackageToEverybodyAndOpensNone() {
        assertEquals(Set.of("org.frameferry"),
                descriptor.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
        assertTrue(descriptor.exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified));
        assertEquals(Set.of(), descriptor.opens());
    }

    @Test
    void requiresNothingButTheJdk() {
        assertEquals(Set.of("java.base", "java.management", "jdk.jfr"),
                descriptor.requires().stream().filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                        .map(ModuleDescriptor.Requires::name).collect(Collectors.toSet()));
        assertEquals(Set.of(), descriptor.uses());
    }

    @Test
    void mayUseNativeCode() {
        assertTrue(module.isNativeAccessEnabled());
    }
}
