package io.caravan.rpc;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a browser was made to ask by another site's page from what its user asks by ours. A bearer token comes from no
 * browser by itself, so its holder is not asked; all others show a name of ours in Host, which keeps names away that somebody
 * lets point at us, and whatever changes something or opens a WebSocket comes from a page of ours.
 */
final class BrowserCheck {
    private static final Pattern IP4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String SAME = "same-origin";
    /** Types that no form of another site can send without asking first; Jolokia's clients use the second. */
    private static final Set<String> JSON = Set.of("application/json", "text/json");

    private final Supplier<Set<String>> hosts;
    private final boolean isSecure;

    /** Why a request is refused. */
    record Objection(int status, String sentence) {}

    /**
     * @param hosts names beside those of loopback and all plain addresses, in lower case
     * @param isSecure whether this port speaks TLS
     */
    BrowserCheck(Supplier<Set<String>> hosts, boolean isSecure) {
        this.hosts = hosts;
        this.isSecure = isSecure;
    }

    /** Null if nothing is against it. */
    @Nullable Objection objection(HttpRequest head, Caller caller, boolean isUpgrade) {
        if (caller.kind() == Caller.Kind.TOKEN) {
            return null;
        }
        HttpHeaders headers = head.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (host != null && !isOurs(nameOf(host))) {
            return new Objection(403, "this node does not go by the name in the Host header: use its address, or add the"
                    + " name to the setting of its role that ends in .hosts");
        }
        if (!isUpgrade && SAFE.contains(head.method())) {
            return null;
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        String site = headers.get("Sec-Fetch-Site");
        boolean isAlike = origin != null ? isSame(origin, host) : SAME.equals(site);
        boolean isSilent = origin == null && site == null;
        if (!isAlike && (caller.bySession() || !isSilent)) {
            return new Objection(403, "this request does not come from a page of this node (its Origin differs from its"
                    + " Host): send a bearer token instead");
        }
        if (caller.bySession() && !isUpgrade && !isJson(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
            return new Objection(415, "whoever is signed in by a session sends Content-Type: application/json");
        }
        return null;
    }

    private boolean isOurs(String name) {
        return name.equals("localhost") || name.endsWith(".localhost") || name.startsWith("[")
                || IP4.matcher(name).matches() || hosts.get().contains(name);
    }

    /** Without the port. */
    private static String nameOf(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        int end = lower.startsWith("[") ? lower.indexOf(']') + 1 : lower.indexOf(':');
        return end <= 0 ? lower : lower.substring(0, end);
    }

    /** A proxy may speak TLS for us, so a secure page is as good as a plain one, but not the other way round. */
    private boolean isSame(String origin, @Nullable String host) {
        if (host == null) {
            return false;
        }
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        String authority = host.strip().toLowerCase(Locale.ROOT);
        return lower.equals("https://" + authority) || !isSecure && lower.equals("http://" + authority);
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && JSON.contains(contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }
}
