// SPDX-License-Identifier: Apache-2.0

/// Metrics of Frameferry's pools and bridges for Micrometer.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptors
module org.frameferry.micrometer {
    requires transitive org.frameferry;
    requires transitive micrometer.core;

    exports org.frameferry.micrometer;
}
