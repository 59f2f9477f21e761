package io.caravan.rpc;

import org.jspecify.annotations.Nullable;

/** The scopes of the calls in one HTTP request, which all end when its connection does. */
final class CallScopes {
    private final Caller caller;
    private final int apiVersion;

    /** Guards what follows. Calls of one request run one after the other: only the last can be cancelled. */
    private final Object lock = new Object();
    private @Nullable CallScope running;
    private boolean cancelled;

    CallScopes(Caller caller, int apiVersion) {
        this.caller = caller;
        this.apiVersion = apiVersion;
    }

    CallScope scope(String method) {
        CallScope scope = new CallScope(caller, apiVersion, method, null);
        boolean late;
        synchronized (lock) {
            running = scope;
            late = cancelled;
        }
        if (late) {
            scope.cancel();
        }
        return scope;
    }

    void cancelAll() {
        CallScope scope;
        synchronized (lock) {
            cancelled = true;
            scope = running;
        }
        if (scope != null) {
            scope.cancel();
        }
    }
}
