// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that JMH runs every contestant on: those of Netty's event loops, on which its allocators are fastest.
 * JMH makes it, by name.
 */
public final class NettyThreads extends ThreadPoolExecutor {
    public NettyThreads(int threads, String prefix) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new FastThreadLocalThread(task, prefix);
            thread.setDaemon(true);
            return thread;
        });
    }
}
