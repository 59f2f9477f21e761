package io.caravan.rpc;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Says who a request comes from and what its caller may. Asked on event loops: answers from memory, never waits. */
public interface Gate {

    /**
     * What a request shows of its caller.
     *
     * @param isLocal whether it came from this machine, and not by a proxy on it
     * @param port of ours that it came to
     * @param token its bearer token
     * @param cookies its Cookie header
     */
    record Credentials(InetAddress address, boolean isLocal, int port, @Nullable String token,
            @Nullable String cookies) {

        /** Does not show the secrets. */
        @Override
        public String toString() {
            return "Credentials[" + address + "]";
        }
    }

    /**
     * The caller; without token and living session it is nobody, with what nobody may.
     *
     * @throws IllegalArgumentException in one sentence if there is a token and it does not count
     */
    Caller admit(Credentials shown);

    /** Whether a session cookie is shown; asked to tell an ended session from none. */
    default boolean showsSession(Credentials shown) {
        return false;
    }

    /** False once the caller's token or session has ended: its connections do too. */
    default boolean holds(Caller caller) {
        return true;
    }

    /** The caller does something more over a connection that it opened earlier. */
    default void used(Caller caller) {}

    /** Brings what is kept in memory up to date. Called every few seconds on a worker; may wait. */
    default void look() {}
}
