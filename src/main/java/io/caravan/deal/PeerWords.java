package io.caravan.deal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A deal's message as its other side may read it: where files lie on this machine is left out, whoever wrote the
 * sentence. People here read the whole one. Addresses of peers ({@code /ip4/…}, {@code /p2p/…}) and names of protocols
 * ({@code /fil/…}) look like paths and stay.
 */
final class PeerWords {

    private static final String NOT_A_PATH = "(?!(?:ip4|ip6|dns|dns4|dns6|dnsaddr|p2p|ipfs|fil|libp2p)/)";
    /** In quotes a path may hold spaces; else it ends before one. A drive's letter may stand before it. */
    private static final Pattern PATH = Pattern.compile("'(?:[A-Za-z]:)?[/\\\\]" + NOT_A_PATH + "[^']*'"
            + "|(?<![\\w/.@)\\]\\\\-])(?<!:(?=//))(?:file:/*|[A-Za-z]:(?=[/\\\\]))?[/\\\\]" + NOT_A_PATH
            + "[^\\s/\\\\:;,'\"()\\[\\]]+(?:[/\\\\][^\\s/\\\\:;,'\"()\\[\\]]*)*");
    private static final String STAND_IN = Matcher.quoteReplacement("(a file of the miner)");

    private PeerWords() {
    }

    /** The message without paths; no message is an empty one. */
    static String of(@Nullable String message) {
        return message == null ? "" : PATH.matcher(message).replaceAll(STAND_IN);
    }
}
