// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// Describes a native source or sink; [Bridge#open(FramePool, Device)] opens it.
public sealed interface Device permits Udp, SimulatedNic, Loop {
}
