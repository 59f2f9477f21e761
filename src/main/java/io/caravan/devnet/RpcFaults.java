package io.caravan.devnet;

import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcHandler;
import io.caravan.rpc.RpcMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls that go wrong on demand ({@code Devnet.RpcFault}), laid around every method of a table. */
final class RpcFaults {

    /**
     * One fault.
     *
     * @param method full name, or {@code *}
     * @param mode error, delay, hang, http500
     */
    record Fault(String method, String mode, int code, long delayMillis, int count) {
    }

    private static final String PREFIX = "Devnet.";

    private final ScheduledExecutorService timer;
    // Guarded by this object.
    private final List<Fault> faults = new ArrayList<>();

    RpcFaults(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    synchronized void add(Fault fault) {
        faults.add(fault);
    }

    synchronized void clear() {
        faults.clear();
    }

    /** The same methods, each with whatever fault is set for it; the controls themselves never fail. */
    MethodTable around(MethodTable methods) {
        MethodTable table = new MethodTable();
        table.fallback((name, version) -> methods.find(name, version).map(method -> name.startsWith(PREFIX) ? method
                : new RpcMethod(method.permission(), method.paramCount(), wrapped(name, method.handler()))));
        return table;
    }

    private RpcHandler wrapped(String name, RpcHandler handler) {
        return (params, context) -> {
            Optional<Fault> fault = take(name);
            return fault.isEmpty() ? handler.handle(params, context) : go(fault.get(), handler, params, context);
        };
    }

    private @Nullable Object go(Fault fault, RpcHandler handler, Params params, CallContext context) throws Exception {
        return switch (fault.mode()) {
            case "delay" -> delayed(fault, handler, params, context);
            case "hang" -> hanging(context);
            case "http500" -> throw new IllegalStateException("a fault that Devnet.RpcFault asked for");
            default -> throw new RpcException(fault.code(), "error that Devnet.RpcFault asked for");
        };
    }

    private CompletionStage<Object> delayed(Fault fault, RpcHandler handler, Params params, CallContext context) {
        CompletableFuture<Object> later = new CompletableFuture<>();
        timer.schedule(() -> {
            try {
                Object result = handler.handle(params, context);
                if (result instanceof CompletionStage<?> stage) {
                    stage.whenComplete((value, error) -> {
                        if (error != null) {
                            later.completeExceptionally(error);
                        } else {
                            later.complete(value);
                        }
                    });
                } else {
                    later.complete(result);
                }
            } catch (Exception e) {
                later.completeExceptionally(e);
            }
        }, fault.delayMillis(), TimeUnit.MILLISECONDS);
        return later;
    }

    private static CompletionStage<Object> hanging(CallContext context) {
        CompletableFuture<Object> never = new CompletableFuture<>();
        context.onCancel(() -> never.cancel(false));
        return never;
    }

    private synchronized Optional<Fault> take(String name) {
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            if (fault.method().equals(name) || fault.method().equals("*")) {
                if (fault.count() <= 1) {
                    faults.remove(i);
                } else {
                    faults.set(i, new Fault(fault.method(), fault.mode(), fault.code(), fault.delayMillis(),
                            fault.count() - 1));
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
