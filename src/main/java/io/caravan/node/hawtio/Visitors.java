package io.caravan.node.hawtio;

import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Who is signed in at the role's port. */
public interface Visitors {

    /**
     * Somebody known.
     *
     * @param name as it is shown and noted
     * @param rights what they may
     */
    record Visitor(String name, Set<Permission> rights) {}

    /** Whoever makes the request; empty if nobody is signed in. */
    Optional<Visitor> of(HttpPage.Request request);

    /** After how many seconds without a request somebody is signed out. */
    long idleSeconds();

    /** 200 with the cookies that begin a session, or what the refusal is: 401, or 429 for too many tries. */
    HttpPage.Reply signIn(HttpPage.Request request, String name, String password) throws IOException;

    /** The cookies that end the session, if there is one. */
    HttpPage.Reply signOut(HttpPage.Request request) throws IOException;
}
