package io.caravan.devnet;

import io.caravan.chain.Message;
import io.caravan.model.FilAddress;
import org.jspecify.annotations.Nullable;

/** Which messages a fault is for; what is null matches everything. */
record MessageMatch(@Nullable FilAddress from, @Nullable FilAddress to, @Nullable Long method, @Nullable Long nonce) {

    boolean matches(Message message, State state) {
        return isSame(from, message.from(), state) && isSame(to, message.to(), state)
                && (method == null || method == message.method()) && (nonce == null || nonce == message.nonce());
    }

    private static boolean isSame(@Nullable FilAddress wanted, FilAddress found, State state) {
        return wanted == null || wanted.equals(found)
                || state.idOf(wanted).isPresent() && state.idOf(wanted).equals(state.idOf(found));
    }
}
