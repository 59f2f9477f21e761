package io.caravan.node.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each key of a shipped settings file is for: the comment that stands above it there. */
public final class SettingWords {

    private SettingWords() {}

    /**
     * Every key of the file in its order, with its comment in one line; keys that follow each other without a comment between share
     * the one above them.
     *
     * @param file below {@code config/}, such as {@code miner.properties}
     */
    public static Map<String, String> of(String file) {
        try (InputStream in = SettingWords.class.getResourceAsStream("/config/" + file)) {
            if (in == null) {
                throw new IllegalStateException("no config/" + file + " on the class path");
            }
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(BufferedReader lines) throws IOException {
        Map<String, String> words = new LinkedHashMap<>();
        List<String> comment = new ArrayList<>();
        boolean isTaken = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String text = line.strip();
            if (text.startsWith("#")) {
                if (isTaken) {
                    comment.clear();
                    isTaken = false;
                }
                comment.add(text.substring(1).strip());
            } else if (text.isEmpty()) {
                comment.clear();
            } else {
                words.put(text.split("=", 2)[0].strip(), String.join(" ", comment));
                isTaken = true;
            }
        }
        return words;
    }
}
