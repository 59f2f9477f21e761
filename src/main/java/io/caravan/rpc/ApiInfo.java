package io.caravan.rpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's JSON-RPC is and with which token, as Lotus keeps it: the files {@code api} (a multiaddr) and
 * {@code token} in the home folder, or one text {@code TOKEN:ADDRESS} (spec: chain-and-rpc §1.1).
 *
 * @param endpoint ends in {@code /rpc/v1} or {@code /rpc/v0}
 * @param token null to call without one
 * @param certificate a PEM file with what the node shows of itself by TLS; null where others vouch for it, or it speaks no TLS
 */
public record ApiInfo(URI endpoint, @Nullable String token, @Nullable Path certificate) {
    private static final String API = "api";
    private static final String TOKEN = "token";
    private static final String CERTIFICATE = "api.pem";
    private static final int MAX_FILE_BYTES = 8192;

    /** A node for whose certificate others vouch, or that speaks no TLS. */
    public ApiInfo(URI endpoint, @Nullable String token) {
        this(endpoint, token, null);
    }

    /** Does not show the token. */
    @Override
    public String toString() {
        return "ApiInfo[" + endpoint + (token == null ? "" : ", with a token") + "]";
    }

    /** Writes both files, readable for the owner only; the address may be one that was bound to all interfaces. */
    public static void write(Path home, InetSocketAddress bound, String token) {
        write(home, bound, token, null);
    }

    /**
     * The same for a node that speaks TLS.
     *
     * @param certificate the PEM file that it shows, which callers of this home folder then trust; null for plain HTTP
     */
    public static void write(Path home, InetSocketAddress bound, String token, @Nullable Path certificate) {
        String host = bound.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        String multiaddr = (bound.getAddress() instanceof Inet6Address ? "/ip6/" : "/ip4/")
                + (zone < 0 ? host : host.substring(0, zone)) + "/tcp/" + bound.getPort() + (certificate == null ? "/http" : "/https");
        try {
            PrivateFile.write(home.resolve(TOKEN), token.getBytes(StandardCharsets.UTF_8));
            if (certificate == null) {
                Files.deleteIfExists(home.resolve(CERTIFICATE));
            } else {
                PrivateFile.write(home.resolve(CERTIFICATE), Files.readAllBytes(certificate));
            }
            PrivateFile.write(home.resolve(API), multiaddr.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the files api and token cannot be written to " + home, e);
        }
    }

    /** Takes the file {@code api} away, because nobody listens any more. */
    public static void remove(Path home) {
        try {
            Files.deleteIfExists(home.resolve(API));
        } catch (IOException e) {
            throw new UncheckedIOException("the file api cannot be removed from " + home, e);
        }
    }

    /**
     * Reads both files of a running node.
     *
     * @param apiVersion 0 or 1
     * @throws IllegalArgumentException in one sentence if no node runs with that home folder
     */
    public static ApiInfo read(Path home, int apiVersion) {
        if (!Files.isRegularFile(home.resolve(API))) {
            throw new IllegalArgumentException("no node runs with the home folder " + home + ": it has no file 'api'");
        }
        Path token = home.resolve(TOKEN);
        return new ApiInfo(endpoint(text(home.resolve(API)), apiVersion), Files.exists(token) ? text(token) : null,
                Files.exists(home.resolve(CERTIFICATE)) ? home.resolve(CERTIFICATE) : null);
    }

    /**
     * Reads {@code TOKEN:ADDRESS} or only an address; the address is a multiaddr or a URL.
     *
     * @param apiVersion 0 or 1: the path to append
     */
    public static ApiInfo parse(String info, int apiVersion) {
        String text = info.strip();
        int colon = text.indexOf(':');
        if (text.startsWith("/") || colon < 0 || text.startsWith("//", colon + 1)) {
            return new ApiInfo(endpoint(text, apiVersion), null);
        }
        return new ApiInfo(endpoint(text.substring(colon + 1), apiVersion), text.substring(0, colon));
    }

    private static URI endpoint(String address, int apiVersion) {
        String path = "/rpc/v" + apiVersion;
        if (!address.startsWith("/")) {
            URI uri = URI.create(address);
            if (uri.getScheme() == null || uri.getHost() == null) {
                throw new IllegalArgumentException("no URL and no multiaddr: " + address);
            }
            boolean isWhole = uri.getPath() != null && uri.getPath().contains("/rpc/");
            return isWhole ? uri : URI.create(address.replaceAll("/+$", "") + path);
        }
        List<String> parts = List.of(address.substring(1).split("/"));
        if (parts.size() < 4 || !parts.get(2).equals("tcp")) {
            throw new IllegalArgumentException("an API address looks like /ip4/127.0.0.1/tcp/1234/http, not "
                    + address);
        }
        String host = switch (parts.get(0)) {
            case "ip4" -> parts.get(1).equals("0.0.0.0") ? "127.0.0.1" : parts.get(1);
            case "ip6" -> "[" + (parts.get(1).matches("[0:]+") ? "::1" : parts.get(1)) + "]";
            case "dns", "dns4", "dns6" -> parts.get(1);
            default -> throw new IllegalArgumentException("an API address starts with /ip4, /ip6 or /dns, not "
                    + address);
        };
        boolean isSecure = parts.contains("https") || parts.contains("wss") || parts.contains("tls");
        return URI.create((isSecure ? "https://" : "http://") + host + ":" + parts.get(3) + path);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("the file " + file + " is too long to be what it should be");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be read", e);
        }
    }
}
