// SPDX-License-Identifier: Apache-2.0

/// Frameferry: carries frames between native code and Java, whole batches across one foreign call.
///
/// One public package and no dependencies. Needs `--enable-native-access=org.frameferry`.
module org.frameferry {
    exports org.frameferry;
}
