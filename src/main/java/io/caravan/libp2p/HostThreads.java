package io.caravan.libp2p;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one host, each pool bounded in threads and queue: Netty's, those that compute handshakes, look names
 * up, and serve streams.
 */
final class HostThreads {

    private static final int HANDSHAKES = 128;
    private static final int LOOKUPS = 64;

    final NioEventLoopGroup loops;
    final ThreadPoolExecutor handshakes;
    final ThreadPoolExecutor lookups;
    final ThreadPoolExecutor workers;

    HostThreads(int workerThreads) {
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        loops = new NioEventLoopGroup(cores, new DefaultThreadFactory("libp2p", true));
        handshakes = pool("libp2p-handshake", cores, HANDSHAKES);
        lookups = pool("libp2p-lookup", 8, LOOKUPS);
        workers = pool("libp2p-stream", workerThreads, 4 * workerThreads);
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queue) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue),
                new DefaultThreadFactory(name, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Blocking calls are not for Netty's threads. */
    void requireOther() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                throw new IllegalStateException("this call blocks and is not for Netty threads");
            }
        }
    }

    void close() {
        workers.shutdownNow();
        handshakes.shutdownNow();
        lookups.shutdownNow();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
