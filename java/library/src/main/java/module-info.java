// SPDX-License-Identifier: Apache-2.0

/// Frameferry: carries frames between native code and Java, whole batches across one foreign call.
///
/// One public package and no dependencies, but for HdrHistogram where it is there, with which pools measure latency: put
/// it on the module path and add `--add-modules HdrHistogram`. Needs `--enable-native-access=org.frameferry`.
@SuppressWarnings("requires-automatic") // HdrHistogram has no module descriptor
module org.frameferry {
    requires java.management;
    requires jdk.jfr;
    requires static HdrHistogram;

    exports org.frameferry;
}
