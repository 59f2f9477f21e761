package io.caravan.node.hawtio;

import io.caravan.rpc.HttpPage;
import java.util.Map;
import java.util.Optional;

/** Knows those who show a bearer token with each request; nobody can sign in. */
public final class TokenVisitors implements Visitors {

    private static final long IDLE_SECONDS = 1800;

    @Override
    public Optional<Visitor> of(HttpPage.Request request) {
        return request.headers().containsKey("authorization") // checked before a page is asked
                ? Optional.of(new Visitor("a token", request.permissions())) : Optional.empty();
    }

    @Override
    public long idleSeconds() {
        return IDLE_SECONDS;
    }

    @Override
    public HttpPage.Reply signIn(HttpPage.Request request, String name, String password) {
        return HttpPage.Reply.text(401, "there are no accounts on this node");
    }

    @Override
    public HttpPage.Reply signOut(HttpPage.Request request) {
        return new HttpPage.Reply(200, "text/plain; charset=utf-8", Map.of(), new byte[0]);
    }
}
