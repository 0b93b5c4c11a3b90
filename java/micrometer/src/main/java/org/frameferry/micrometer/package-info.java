// SPDX-License-Identifier: Apache-2.0

/// Binders that publish the figures of pools and bridges through Micrometer.
///
/// ```java
/// new FramePoolMetrics(pool).bindTo(registry);
/// ```
package org.frameferry.micrometer;
