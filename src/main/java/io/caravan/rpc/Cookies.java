package io.caravan.rpc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a Cookie header. */
public final class Cookies {
    private Cookies() {}

    /** The value of the first cookie of that name. */
    public static Optional<String> find(@Nullable String header, String name) {
        if (header == null) {
            return Optional.empty();
        }
        for (String pair : header.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                return Optional.of(pair.substring(equals + 1).strip());
            }
        }
        return Optional.empty();
    }
}
