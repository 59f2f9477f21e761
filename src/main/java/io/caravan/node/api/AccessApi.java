package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.gate.AccessDesk;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.AccessTokens;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who may call this role: one-time links, sessions, accounts and tokens. A password or token is never answered twice. */
public final class AccessApi {

    private final ApiJson json;
    private final AccessDesk desk;
    private final Supplier<URI> address;

    /** @param address where this role's pages are */
    public AccessApi(ApiJson json, AccessDesk desk, Supplier<URI> address) {
        this.json = json;
        this.desk = desk;
        this.address = address;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Whoami", RpcMethod.read(0, this::whoami));
        methods.register("Caravan.LoginLink", RpcMethod.of(Permission.ADMIN, 1, this::loginLink));
        methods.register("Caravan.Sessions", RpcMethod.of(Permission.ADMIN, 0, this::sessions));
        methods.register("Caravan.SessionsEnd", RpcMethod.of(Permission.ADMIN, 1, this::sessionsEnd));
        methods.register("Caravan.Accounts", RpcMethod.of(Permission.ADMIN, 0, this::accounts));
        methods.register("Caravan.AccountAdd", RpcMethod.of(Permission.ADMIN, 3, this::accountAdd));
        methods.register("Caravan.AccountRemove", RpcMethod.of(Permission.ADMIN, 1, this::accountRemove));
        methods.register("Caravan.AccountPassword", RpcMethod.of(Permission.ADMIN, 2, this::accountPassword));
        methods.register("Caravan.Tokens", RpcMethod.of(Permission.ADMIN, 0, this::tokens));
        methods.register("Caravan.TokenNew", RpcMethod.of(Permission.ADMIN, 3, this::tokenNew));
        methods.register("Caravan.TokenRevoke", RpcMethod.of(Permission.ADMIN, 1, this::tokenRevoke));
    }

    private Object whoami(Params params, CallContext context) {
        ObjectNode out = json.object().put("name", context.caller().name()).put("session", context.caller().bySession());
        context.permissions().stream().sorted().forEach(right -> out.withArray("rights").add(right.wireName()));
        return out;
    }

    /** {@code [name]} of the person it is for; the browser that opens it may what this caller may. */
    private Object loginLink(Params params, CallContext context) {
        AccessDesk.Link link = desk.link(params.text(0, "name"), context.permissions());
        return json.object().put("url", address.get() + "/login#" + link.code()).put("address", address.get().toString())
                .put("name", link.name()).put("until", link.until().toString());
    }

    private Object sessions(Params params, CallContext context) {
        ArrayNode out = json.object().arrayNode();
        desk.sessions().forEach(row -> out.addObject().put("id", row.hash().hex().substring(0, 16)).put("name", row.name())
                .put("rights", row.rights()).put("address", row.address()).put("since", row.madeAt().toString())
                .put("used", row.usedAt().toString()).put("until", row.endsAt().toString()));
        return out;
    }

    /** {@code [id or name]}; null for all. Answers how many ended. */
    private Object sessionsEnd(Params params, CallContext context) {
        return desk.endSessions(params.isNull(0) ? "" : params.text(0, "id or name"), context.caller());
    }

    private Object accounts(Params params, CallContext context) {
        ArrayNode out = json.object().arrayNode();
        desk.accounts().forEach(row -> out.addObject().put("name", row.name()).put("rights", row.rights())
                .put("madeBy", row.madeBy()).put("made", row.madeAt().toString()).put("passwordSet", row.changedAt().toString()));
        return out;
    }

    /** {@code [name, password, [rights]]}. */
    private Object accountAdd(Params params, CallContext context) {
        desk.addAccount(params.text(0, "name"), params.text(1, "password"), rights(params, 2), context.caller());
        return json.object().put("name", params.text(0, "name"));
    }

    /** {@code [name]}; the account's sessions end. */
    private Object accountRemove(Params params, CallContext context) {
        desk.removeAccount(params.text(0, "name"), context.caller());
        return json.object().put("name", params.text(0, "name"));
    }

    /** {@code [name, password]}; the account's sessions end. */
    private Object accountPassword(Params params, CallContext context) {
        desk.changePassword(params.text(0, "name"), params.text(1, "password"), context.caller());
        return json.object().put("name", params.text(0, "name"));
    }

    private Object tokens(Params params, CallContext context) {
        ArrayNode out = json.object().arrayNode();
        desk.tokens().forEach(row -> token(out.addObject(), row));
        return out;
    }

    /** {@code [name, [rights], seconds until it expires or null]}; the only answer that ever holds the token. */
    private Object tokenNew(Params params, CallContext context) {
        Duration lasts = params.isNull(2) ? null : Duration.ofSeconds(params.integer(2, "seconds"));
        var made = desk.newToken(params.text(0, "name"), rights(params, 1), lasts, context.caller());
        return token(json.object().put("token", made.token()), made.row());
    }

    /** {@code [id or name]}; answers how many ended. */
    private Object tokenRevoke(Params params, CallContext context) {
        return desk.revoke(params.text(0, "id or name"), context.caller());
    }

    private static ObjectNode token(ObjectNode out, AccessTokens.Row row) {
        return out.put("id", row.id()).put("name", row.name()).put("rights", row.rights()).put("madeBy", row.madeBy())
                .put("made", row.madeAt().toString()).put("expires", text(row.expiresAt())).put("revoked", text(row.revokedAt()));
    }

    private static String text(@Nullable Instant at) {
        return at == null ? "" : at.toString();
    }

    private static List<Permission> rights(Params params, int at) {
        return params.list(at, "rights").stream().map(name -> Permission.ofName(name.asText())).distinct().sorted().toList();
    }
}
