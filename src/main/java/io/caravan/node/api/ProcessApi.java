package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The process as its operator sees it: {@code LogList}, {@code LogSetLevel [subsystem, level]} and {@code Shutdown}. A
 * subsystem is a package of the program, {@code *} all of them; levels are those that Lotus knows. A level lasts until the
 * process ends.
 */
public final class ProcessApi {

    private static final String ROOT = "io.caravan";
    private static final String ALL = "*";
    /** Packages whose lines tell of the program's work. */
    private static final List<String> SUBSYSTEMS = List.of("camel", "chain", "deal", "devnet", "libp2p", "market", "node", "piece",
            "proofs", "rpc", "sealing", "store");
    /** Lotus' words and ours for them. */
    private static final Map<String, String> LEVELS = Map.of("debug", "DEBUG", "info", "INFO", "warn", "WARN", "error", "ERROR",
            "dpanic", "ERROR", "panic", "ERROR", "fatal", "FATAL");

    private final ApiJson json;
    private final BiConsumer<String, String> level;
    private final Runnable end;

    /**
     * @param level sets a logger's level, both by their names
     * @param end ends the process, after this call was answered
     */
    public ProcessApi(ApiJson json, BiConsumer<String, String> level, Runnable end) {
        this.json = json;
        this.level = level;
        this.end = end;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.LogList", RpcMethod.of(Permission.WRITE, 0, this::subsystems));
        methods.register("Filecoin.LogSetLevel", RpcMethod.of(Permission.WRITE, 2, this::setLevel));
        methods.register("Filecoin.Shutdown", RpcMethod.of(Permission.ADMIN, 0, this::shutdown));
    }

    private Object subsystems(Params params, CallContext context) {
        ArrayNode list = json.list();
        SUBSYSTEMS.forEach(list::add);
        return list;
    }

    private @Nullable Object setLevel(Params params, CallContext context) {
        String subsystem = params.text(0, "subsystem");
        String known = LEVELS.get(params.text(1, "level").toLowerCase(Locale.ROOT));
        if (!subsystem.equals(ALL) && !SUBSYSTEMS.contains(subsystem)) {
            throw params.wrong(0, "subsystem", "* or one of " + String.join(", ", SUBSYSTEMS));
        }
        if (known == null) {
            throw params.wrong(1, "level", "debug, info, warn, error, dpanic, panic or fatal");
        }
        if (subsystem.equals(ALL)) {
            level.accept(ROOT, known);
            SUBSYSTEMS.forEach(one -> level.accept(ROOT + "." + one, known));
        } else {
            level.accept(ROOT + "." + subsystem, known);
        }
        return null;
    }

    private @Nullable Object shutdown(Params params, CallContext context) {
        end.run();
        return null;
    }
}
