package io.caravan.node.hawtio;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.rpc.Caller;
import io.caravan.rpc.HttpPage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Those whom the role's port knows: by the session that {@code /login} begins, or by a bearer token. */
public final class PortVisitors implements Visitors {

    private final HttpPage login;
    private final LongSupplier idleSeconds;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param login answers POST at {@code /login} and {@code /logout}, throttled
     * @param idleSeconds after which a session that is not used ends
     */
    public PortVisitors(HttpPage login, LongSupplier idleSeconds) {
        this.login = login;
        this.idleSeconds = idleSeconds;
    }

    @Override
    public Optional<Visitor> of(HttpPage.Request request) {
        Caller caller = request.caller();
        return caller.kind() == Caller.Kind.NOBODY ? Optional.empty() : Optional.of(new Visitor(caller.name(), caller.permissions()));
    }

    @Override
    public long idleSeconds() {
        return idleSeconds.getAsLong();
    }

    @Override
    public HttpPage.Reply signIn(HttpPage.Request request, String name, String password) throws IOException {
        return posted("/login", json.writeValueAsBytes(json.createObjectNode().put("name", name).put("password", password)), request);
    }

    @Override
    public HttpPage.Reply signOut(HttpPage.Request request) throws IOException {
        return posted("/logout", new byte[0], request);
    }

    private HttpPage.Reply posted(String path, byte[] body, HttpPage.Request request) throws IOException {
        try {
            Map<String, String> headers = Map.of("content-type", "application/json", "cookie", request.headers().getOrDefault("cookie", ""));
            return login.handle(new HttpPage.Request("POST", path, "", headers, body, request.caller()));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
