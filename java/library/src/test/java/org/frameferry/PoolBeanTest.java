// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import javax.management.Attribute;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

/// Named pools as management tools find them: through the platform's MBean server, with open types only.
@SuppressWarnings("try") // pools are looked at after they are closed
class PoolBeanTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private static FramePool pool(String name) {
        return FramePool.builder().frames(4).frameSize(100).name(name).build();
    }

    private static ObjectName name(String rest) throws Exception {
        return new ObjectName("org.frameferry:type=FramePool,name=" + rest);
    }

    private static Set<ObjectName> registered() throws Exception {
        return SERVER.queryNames(new ObjectName("org.frameferry:*"), null);
    }

    @Test
    void theFiguresOneByOneAndAsAWhole() throws Exception {
        try (FramePool pool = pool("figures"); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(5)) {
            pool.lease(batch, 5);
            PoolStatistics s = pool.statistics();
            FramePoolMXBean bean = JMX.newMXBeanProxy(SERVER, name("figures"), FramePoolMXBean.class);
            assertAll(() -> assertEquals("figures", bean.getName()), () -> assertEquals(100, bean.getFrameSize()),
                    () -> assertEquals(4, bean.getFrames()), () -> assertEquals(0, bean.getAvailable()),
                    () -> assertEquals(100, bean.getAverageFrameSize()),
                    () -> assertEquals(s.totalBytes(), bean.getTotalBytes()), () -> assertEquals(4, bean.getHits()),
                    () -> assertEquals(1, bean.getMisses()), () -> assertEquals(80, bean.getHitRate()),
                    () -> assertEquals(0, bean.getOverflows()), () -> assertEquals(0, bean.getWaits()),
                    () -> assertEquals(0, bean.getLeaks()), () -> assertEquals(0, bean.getTrimmed()),
                    () -> assertEquals(1, bean.getMagazines()),
                    () -> assertEquals(LatencySummary.NONE, bean.getLeaseLatency()),
                    () -> assertEquals(LatencySummary.NONE, bean.getReleaseLatency()),
                    () -> assertEquals(s, bean.getStatistics()), () -> assertEquals(s.audit(), bean.audit()));
            CompositeData whole = (CompositeData) SERVER.getAttribute(name("figures"), "Statistics");
            assertEquals(4L, ((CompositeData) whole.get("audit")).get("leased"));
        }
    }

    @Test
    void thresholdsTakeEffect() throws Exception {
        try (FramePool pool = pool("thresholds"); Audits _ = Audits.of(pool)) {
            ObjectName name = name("thresholds");
            SERVER.setAttribute(name, new Attribute("PressedTimeToLiveMillis", 1000L));
            SERVER.setAttribute(name, new Attribute("PressedMagazineLimit", 3));
            SERVER.setAttribute(name, new Attribute("PressedLatencyMillis", 7L));
            SERVER.setAttribute(name, new Attribute("LatencyLifeMillis", 8L));
            SERVER.setAttribute(name, new Attribute("MagazineLimit", 9));
            SERVER.setAttribute(name, new Attribute("LeakTracking", "EVERY"));
            FramePoolMXBean bean = JMX.newMXBeanProxy(SERVER, name, FramePoolMXBean.class);
            assertAll(() -> assertEquals(Duration.ofSeconds(1), pool.tuning().pressedTimeToLive()),
                    () -> assertEquals(1000, bean.getPressedTimeToLiveMillis()),
                    () -> assertEquals(3, pool.tuning().pressedMagazines()),
                    () -> assertEquals(3, bean.getPressedMagazineLimit()),
                    () -> assertEquals(Duration.ofMillis(7), pool.tuning().pressedLatency()),
                    () -> assertEquals(7, bean.getPressedLatencyMillis()),
                    () -> assertEquals(Duration.ofMillis(8), pool.tuning().latencyLife()),
                    () -> assertEquals(8, bean.getLatencyLifeMillis()),
                    () -> assertEquals(9, pool.tuning().magazines()), () -> assertEquals(9, bean.getMagazineLimit()),
                    () -> assertEquals(LeakTracking.EVERY, bean.getLeakTracking()));
            try (Frame _ = pool.lease()) { // is tracked, as that says
                assertEquals(1, pool.leaks().places().size());
            }
            SERVER.setAttribute(name, new Attribute("TimeToLiveMillis", 1L));
            Elsewhere.until(() -> bean.getTrimmed() > 0); // the keeper has learned of it
            assertEquals(0, bean.getMagazines());
        }
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        try (FramePool pool = pool("refusals"); Audits _ = Audits.of(pool)) {
            RuntimeMBeanException e = assertThrows(RuntimeMBeanException.class,
                    () -> SERVER.setAttribute(name("refusals"), new Attribute("MagazineLimit", 1025)));
            assertEquals("magazines 1025 is not in 0 .. 1024", e.getCause().getMessage());
            assertEquals(500, pool.tuning().magazines());
        }
    }

    @Test
    void registeredUntilClosedOnly() throws Exception {
        FramePool pool = pool("brief");
        Frame frame = pool.lease();
        assertThrows(LeasesOutstandingException.class, pool::close);
        assertTrue(SERVER.isRegistered(name("brief")), "it is still open");
        frame.release();
        pool.close();
        assertFalse(SERVER.isRegistered(name("brief")));
        pool.close();
    }

    @Test
    void severalOfOneName() throws Exception {
        try (FramePool first = pool("twin"); FramePool second = pool("twin"); Frame _ = second.lease()) {
            assertEquals(0L, SERVER.getAttribute(name("twin"), "Hits"));
            assertEquals(1L, SERVER.getAttribute(name("twin,instance=2"), "Hits"));
            first.close();
            assertEquals(Set.of(name("twin,instance=2")), SERVER.queryNames(name("twin,*"), null));
            try (FramePool _ = pool("twin")) {
                assertTrue(SERVER.isRegistered(name("twin")));
            }
        }
    }

    @Test
    void namesThatNeedQuotes() throws Exception {
        for (String odd : new String[] {"a,b=c", "a:b", "what?", "all*", "\"", "line\nline", "back\\slash"}) {
            try (FramePool pool = pool(odd)) {
                assertEquals(1, registered().stream().filter(name -> isOf(pool, name)).count(), odd);
            }
        }
    }

    private static boolean isOf(FramePool pool, ObjectName name) {
        try {
            return SERVER.getAttribute(name, "Name").equals(pool.name());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void unnamedPoolsAreNotRegistered() throws Exception {
        Set<ObjectName> before = registered();
        try (FramePool pool = FramePool.builder().frames(4).build(); Frame _ = pool.lease()) {
            assertEquals(before, registered());
        }
    }

    @Test
    void aPoolThatIsCollectedIsGone() throws Exception {
        pool("collected");
        while (SERVER.isRegistered(name("collected"))) {
            System.gc();
            Thread.sleep(1);
        }
    }
}
