package io.caravan.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The context of one call: its caller's rights, and the one place that hears of cancellation. */
final class CallScope implements CallContext {
    private final Caller caller;
    private final int apiVersion;
    private final @Nullable Supplier<OutChannel> channels;
    private final String method;

    /** Guards {@code cancelled}, {@code actions} and {@code opened}. */
    private final Object lock = new Object();
    private final List<Runnable> actions = new ArrayList<>();
    private boolean cancelled;
    private @Nullable OutChannel opened;

    CallScope(Caller caller, int apiVersion, String method, @Nullable Supplier<OutChannel> channels) {
        this.caller = caller;
        this.apiVersion = apiVersion;
        this.method = method;
        this.channels = channels;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public int apiVersion() {
        return apiVersion;
    }

    @Override
    public boolean hasChannels() {
        return channels != null;
    }

    @Override
    public OutChannel openChannel() {
        if (channels == null) {
            throw new RpcException(RpcError.METHOD_NOT_FOUND,
                    "method '" + method + "' not supported in this mode (no out channel support)");
        }
        OutChannel channel = channels.get();
        synchronized (lock) {
            if (opened != null) {
                throw new IllegalStateException("one call opens one channel");
            }
            opened = channel;
        }
        onCancel(channel::close);
        return channel;
    }

    @Override
    public boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (lock) {
            if (!cancelled) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** The channel the call opened, if it did. */
    @Nullable OutChannel opened() {
        synchronized (lock) {
            return opened;
        }
    }

    /** Tells everybody who asked; the second time does nothing. */
    void cancel() {
        List<Runnable> told;
        synchronized (lock) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            told = List.copyOf(actions);
            actions.clear();
        }
        told.forEach(Runnable::run);
    }
}
