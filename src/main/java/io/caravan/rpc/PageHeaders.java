package io.caravan.rpc;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Headers as pages see them. */
final class PageHeaders {
    private PageHeaders() {}

    static Map<String, String> of(HttpHeaders headers) {
        Map<String, String> map = new HashMap<>();
        headers.forEach(header -> map.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return map;
    }
}
