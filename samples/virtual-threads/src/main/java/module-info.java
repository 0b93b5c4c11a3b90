// SPDX-License-Identifier: Apache-2.0

/// Its native access is asked for as `--enable-native-access=org.frameferry`.
module org.example.handlers {
    requires org.frameferry;
}
