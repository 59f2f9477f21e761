package io.caravan.node.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command prints.
 *
 * @param isLive true where a person looks at a terminal that can redraw
 */
public record Terminal(PrintStream out, PrintStream err, boolean isLive) {

    private static final Pattern STEERING = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");

    /** The terminal that the root command was made with. */
    static Terminal of(CommandSpec spec) {
        return ((Cli) spec.root().userObject()).terminal();
    }

    /** What the person answers; empty at the end of the input. */
    String readLine() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Words that may come from elsewhere, without what would steer the terminal. */
    static String plain(String text) {
        return STEERING.matcher(text).replaceAll("?");
    }

    /** Whether a person is there to type a secret. */
    boolean isAsking() {
        return System.console() != null && isLive;
    }

    /** A secret, typed unseen where a person is asked, else the first line of the input. */
    String readSecret(String question) {
        if (!isAsking()) {
            return readLine();
        }
        char[] typed = System.console().readPassword("%s", question);
        return typed == null ? "" : new String(typed);
    }

    /** The process's own streams, in UTF-8. */
    public static Terminal system() {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false,
                java.nio.charset.StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true,
                java.nio.charset.StandardCharsets.UTF_8);
        boolean live = System.console() != null && !"dumb".equals(System.getenv().getOrDefault("TERM", "dumb"));
        return new Terminal(out, err, live);
    }
}
