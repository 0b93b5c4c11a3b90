// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.management.InstanceNotFoundException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/// [FramePoolMXBean], called as management tools call it: by a proxy for what the MBean server has.
final class MisuseOfBean {
    private static final String NAME = "misused";

    private MisuseOfBean() {
    }

    static List<MisuseRow> rows() {
        return Arrays.stream(FramePoolMXBean.class.getDeclaredMethods()).sorted(Comparator.comparing(Method::getName))
                .map(MisuseOfBean::row).toList();
    }

    private static MisuseRow row(Method method) {
        MisuseRow row = MisuseRow.row(FramePoolMXBean.class, MisuseRow.signature(method));
        Class<?>[] parameters = method.getParameterTypes();
        Object[] good = Arrays.stream(parameters).map(MisuseOfBean::good).toArray();
        row.gives(CLOSED, "of the server: InstanceNotFoundException", w -> afterClose(row, good))
                .gives(CONCURRENT, "works", w -> underClose(row, good));
        if (parameters.length == 0) {
            return method.getName().endsWith("Millis")
                    ? row.gives(TOO_LARGE, "a threshold: Long.MAX_VALUE", _ -> forEver(row)) : row;
        }
        if (parameters[0] == LeakTracking.class) {
            return row.refuses(NULL, NullPointerException.class, w -> once(row, (Object) null));
        }
        boolean millis = parameters[0] == long.class;
        row.refuses(NEGATIVE, IllegalArgumentException.class, w -> once(row, millis ? (Object) (-1L) : (Object) (-1)));
        return millis ? row.gives(TOO_LARGE, "works", w -> once(row, Long.MAX_VALUE))
                : row.refuses(TOO_LARGE, IllegalArgumentException.class, w -> once(row, 1025));
    }

    private static Object good(Class<?> parameter) {
        return parameter == LeakTracking.class ? LeakTracking.OFF : parameter == long.class ? (Object) 1L : (Object) 1;
    }

    private static FramePool open() {
        return FramePool.builder().frames(MisuseWorld.FRAMES).name(NAME).build();
    }

    private static FramePoolMXBean bean() throws MalformedObjectNameException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        return JMX.newMXBeanProxy(server, new ObjectName("org.frameferry:type=FramePool,name=" + NAME),
                FramePoolMXBean.class);
    }

    private static void once(MisuseRow row, Object... arguments) throws Exception {
        FramePool pool = open();
        try {
            row.call(bean(), arguments);
        } finally {
            MisuseWorld.check(pool);
        }
    }

    private static void forEver(MisuseRow row) throws Exception {
        FramePool pool = open();
        pool.tuning().timeToLive(MisuseWorld.FOR_EVER).pressedTimeToLive(MisuseWorld.FOR_EVER)
                .pressedLatency(MisuseWorld.FOR_EVER).latencyLife(MisuseWorld.FOR_EVER);
        assertEquals(Long.MAX_VALUE, row.call(bean()));
        MisuseWorld.check(pool);
    }

    private static void afterClose(MisuseRow row, Object... arguments) throws Exception {
        FramePool pool = open();
        FramePoolMXBean bean = bean();
        row.call(bean, arguments);
        MisuseWorld.check(pool);
        assertInstanceOf(InstanceNotFoundException.class,
                assertThrowsExactly(UndeclaredThrowableException.class, () -> row.call(bean, arguments)).getCause());
    }

    private static void underClose(MisuseRow row, Object... arguments) throws Exception {
        FramePool pool = open();
        FramePoolMXBean bean = bean();
        MisuseRace.untilClosed(() -> {
            try {
                row.call(bean, arguments);
            } catch (UndeclaredThrowableException e) {
                throw pool.closedException(); // what the bean itself says for a moment
            }
        }, ClosedException.class, pool::close);
        MisuseWorld.check(pool);
    }
}
