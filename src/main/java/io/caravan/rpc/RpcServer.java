package io.caravan.rpc;

import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port that answers JSON-RPC at {@code /rpc/v0} and {@code /rpc/v1} over HTTP POST and WebSocket, and pages under
 * other paths. Starts in {@link #start()}, ends in {@link #close()}; not to be started again.
 */
public final class RpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int EVENT_LOOPS = 2;
    private static final int MAX_LINE_BYTES = 8192;
    private static final int MAX_HEADER_BYTES = 16384;
    private static final int BATCH_ANSWER_BYTES = 64 << 20;
    private static final long MAX_REQUEST_TOKENS = 200_000;
    /** No body is longer, whatever its own limit becomes. */
    private static final int MAX_REQUEST_CHARS = 256 << 20;
    private static final int STOP_SECONDS = 5;
    private static final int LOOK_SECONDS = 5;

    private final ServerConfig config;
    private final ServerCore core;
    private final ThreadPoolExecutor workers;
    private final EventLoopGroup loops;
    private final Connections connections;
    private final @Nullable TlsFiles tls;
    private @Nullable Channel listener;

    /**
     * @param methods what it answers
     * @param tokens who may; checked on every HTTP request and once per WebSocket
     * @param pages plain HTTP by path prefix, the longest prefix wins, e.g. {@code /observe/}; the map may grow while
     *     the server runs if it is safe for that
     * @param shapes how values beyond those of {@link io.caravan.codec.LotusJson} are written
     */
    public RpcServer(ServerConfig config, MethodTable methods, Tokens tokens, Map<String, HttpPage> pages,
            Module... shapes) {
        this(config, methods, new TokenGate(tokens), pages, shapes);
    }

    /** The same, where a gate knows the callers. */
    public RpcServer(ServerConfig config, MethodTable methods, Gate gate, Map<String, HttpPage> pages,
            Module... shapes) {
        this.config = config;
        ServerLimits limits = config.limits();
        tls = config.tls() == null ? null : new TlsFiles(config.tls());
        connections = new Connections(config.allowed());
        workers = new ThreadPoolExecutor(limits.workers(), limits.workers(), 60, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(limits.maxQueued()), new DefaultThreadFactory("rpc-worker", true));
        workers.allowCoreThreadTimeOut(true);
        loops = new NioEventLoopGroup(EVENT_LOOPS, new DefaultThreadFactory("rpc-io", true));
        ObjectMapper mapper = RpcJson.bounded(
                limits.maxDepth(), MAX_REQUEST_CHARS, MAX_REQUEST_TOKENS, shapes);
        Dispatcher dispatcher = new Dispatcher(methods, mapper);
        boolean isSecure = config.tls() != null;
        core = new ServerCore(config.allowed(), dispatcher, new HttpCalls(dispatcher, () -> config.limits().maxBatch(), BATCH_ANSWER_BYTES),
                gate, new BrowserCheck(config.names(), isSecure), new HttpReplies(isSecure),
                new CallRates(config.allowed()), pages, workers,
                new ByteBudget(() -> config.limits().maxBufferedBytes()));
    }

    /**
     * Binds; returns when calls are answered.
     *
     * @throws UncheckedIOException naming the address if it cannot be bound
     */
    public void start() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 256)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        var bound = bootstrap.bind(config.host(), config.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            String reason = bound.cause() == null ? "cancelled" : bound.cause().getMessage();
            throw new UncheckedIOException(new IOException(
                    "JSON-RPC cannot listen on " + config.host() + ":" + config.port() + ": " + reason, bound.cause()));
        }
        listener = bound.channel();
        loops.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        LOG.info("JSON-RPC listens on {}:{}", config.host(), address().getPort());
    }

    /** On a worker; a server that is too busy for it looks the next time. */
    private void look() {
        try {
            workers.execute(() -> {
                core.rates().sweep(System.nanoTime());
                core.gate().look();
                if (tls != null) {
                    tls.look();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too busy to look for changed tokens and sessions");
        }
    }

    private void accept(SocketChannel channel) {
        if (!connections.take(channel)) {
            LOG.debug("connection from {} refused: {} are open", channel.remoteAddress(), connections.size());
            channel.close();
            return;
        }
        if (tls != null) {
            SslHandler secured = tls.context().newHandler(channel.alloc());
            secured.setHandshakeTimeout(config.limits().bodyTimeout().toMillis(), TimeUnit.MILLISECONDS);
            channel.pipeline().addLast(secured);
        }
        channel.pipeline().addLast(
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)),
                new FlowControlHandler(),
                new HttpConnection(core));
    }

    /**
     * The address it is bound to, with the port the system chose where the configuration says 0.
     *
     * @throws IllegalStateException before {@link #start()}
     */
    public InetSocketAddress address() {
        if (listener == null) {
            throw new IllegalStateException("the server is not started");
        }
        return (InetSocketAddress) listener.localAddress();
    }

    /** Hears on a worker when another certificate came into use. */
    public void onCertificate(Runnable heard) {
        if (tls != null) {
            tls.onChange(heard);
        }
    }

    /** Stops taking calls, waits at most some seconds for calls that run, ends all connections. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        }
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        connections.close(STOP_SECONDS);
        loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS,
                TimeUnit.SECONDS);
    }
}
