package io.caravan.node.net;

import org.jspecify.annotations.Nullable;

/**
 * What one check of {@code doctor} found.
 *
 * @param code such as {@code NET-03}
 * @param check what was looked at, in a few words
 * @param sentence what was seen, for a person
 * @param fix what to do about it; null where nothing is wrong
 */
public record Finding(String code, Level level, String check, String sentence, @Nullable String fix) {

    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Deals may go on; somebody should look. */
        WARN,
        /** Deals fail because of it. */
        FAIL,
        /** Not looked at, because an earlier check failed or this node cannot know. */
        SKIPPED
    }

    public static Finding ok(String code, String check, String sentence) {
        return new Finding(code, Level.OK, check, sentence, null);
    }

    public static Finding warn(String code, String check, String sentence, String fix) {
        return new Finding(code, Level.WARN, check, sentence, fix);
    }

    public static Finding fail(String code, String check, String sentence, String fix) {
        return new Finding(code, Level.FAIL, check, sentence, fix);
    }

    public static Finding skipped(String code, String check, String sentence) {
        return new Finding(code, Level.SKIPPED, check, sentence, null);
    }
}
