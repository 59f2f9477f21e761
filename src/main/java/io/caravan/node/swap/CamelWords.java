package io.caravan.node.swap;

import io.caravan.node.swap.RouteRefusedException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Camel says of a route that it cannot read, build or start, as one sentence with a reason of ours. */
final class CamelWords {

    private static final Pattern SCHEME = Pattern.compile("No component found with scheme: (\\w[\\w-]*)|No endpoint could be found for: (\\w[\\w-]*):");
    private static final Pattern OPTIONS = Pattern.compile("Unknown parameters=\\[\\{?([^}\\]]*)}?]");
    private static final Pattern URI = Pattern.compile("Failed to resolve endpoint: (\\S+) due to");
    private static final Pattern ABOUT = Pattern.compile("Failed to resolve endpoint: ([^\\s?]+)|No endpoint could be found for: ([^\\s?,]+)");
    private static final int LONGEST = 600;

    private CamelWords() {}

    /** @param usual the reason of what is none of those known by their words */
    static Reason reason(Throwable failure, Reason usual) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String text = String.valueOf(at.getMessage());
            if (SCHEME.matcher(text).find()) {
                return Reason.UNKNOWN_COMPONENT;
            }
            if (OPTIONS.matcher(text).find() || text.contains("Failed to resolve endpoint") || at.getClass().getSimpleName().contains("PropertyBinding")) {
                return Reason.WRONG_OPTION;
            }
        }
        return usual;
    }

    /** The address that a failure is about, as {@code scheme:what}; empty where it is about none. */
    static String uri(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            Matcher named = ABOUT.matcher(String.valueOf(at.getMessage()));
            if (named.find()) {
                return (named.group(1) == null ? named.group(2) : named.group(1)).replaceFirst(":/{0,2}", ":");
            }
        }
        return "";
    }

    /** One line for people. */
    static String sentence(Throwable failure) {
        Throwable last = failure;
        String uri = "";
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String text = String.valueOf(at.getMessage());
            Matcher scheme = SCHEME.matcher(text);
            if (scheme.find()) {
                return "there is no component " + (scheme.group(1) == null ? scheme.group(2) : scheme.group(1));
            }
            Matcher named = URI.matcher(text);
            if (named.find()) {
                uri = named.group(1).replace("://", ":");
            }
            Matcher options = OPTIONS.matcher(text);
            if (options.find()) {
                return (uri.isEmpty() ? "an endpoint" : uri) + " does not know " + options.group(1);
            }
            last = at;
        }
        String words = last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
        String line = words.strip().lines().map(String::strip).filter(one -> !one.isEmpty()).reduce((a, b) -> a + " " + b).orElse("");
        String whole = uri.isEmpty() ? line : uri + ": " + line;
        return whole.length() > LONGEST ? whole.substring(0, LONGEST) + "…" : whole;
    }
}
