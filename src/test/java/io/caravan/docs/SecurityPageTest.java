package io.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/security.md names each key that keeps somebody out, with the value that is shipped. */
class SecurityPageTest {

    private static final Pattern LINE = Pattern.compile("(?m)^\\| `([a-z0-9.-]+)` \\| ([^|]*)\\|");
    private static final Pattern GUARDS = Pattern.compile("caravan\\.(rpc|session|login|tokens)\\..*"
            + "|(daemon|miner|devnet)\\.(listen|hosts|tls(\\..*)?|libp2p\\.(allow|deny))");

    @Test
    void itsTableOfLimitsIsAsTheShippedSettings() {
        Map<String, String> told = new TreeMap<>();
        Matcher lines = LINE.matcher(Pages.read(Path.of("docs/security.md")));
        while (lines.find()) {
            told.put(lines.group(1), lines.group(2).strip());
        }
        Map<String, String> shipped = new TreeMap<>();
        ShippedKeys.all().stream().filter(key -> GUARDS.matcher(key.name()).matches()).forEach(key -> shipped.put(key.name(), key.value()));
        assertThat(told).isEqualTo(shipped);
    }
}
