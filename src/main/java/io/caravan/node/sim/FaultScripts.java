package io.caravan.node.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Where scripts come from: the shipped one, files, and chance. */
public final class FaultScripts {

    private static final String SHIPPED = "/config/usual.faults";
    private static final long MOST_BYTES = 1 << 20;
    private static final Fault.Deed[] DEEDS = Fault.Deed.values();
    private static final int LONGEST_MINUTES = 180;
    private static final int DEEPEST_REORG = 5;

    private FaultScripts() {}

    /**
     * The script of that name: {@code none}, {@code usual}, or a file.
     *
     * @throws FaultScriptException if there is no such file, or a line of it means nothing
     */
    public static FaultScript named(String name) {
        if (name.equals("none")) {
            return FaultScript.NONE;
        }
        if (name.equals("usual")) {
            return FaultScript.parse("usual", shipped());
        }
        Path file = Path.of(name);
        try {
            if (!Files.isRegularFile(file)) {
                throw new FaultScriptException("--faults is none, usual or a file, and there is no file " + name);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new FaultScriptException(name + " is larger than " + MOST_BYTES + " bytes");
            }
            return FaultScript.parse(file.getFileName().toString(), Files.readString(file));
        } catch (MalformedInputException e) {
            throw new FaultScriptException(name + " is no text in UTF-8");
        } catch (IOException e) {
            throw new FaultScriptException(name + " cannot be read: " + e.getMessage());
        }
    }

    private static String shipped() {
        try (InputStream in = FaultScripts.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + SHIPPED);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script by chance, each line a single fault within those days. */
    public static FaultScript random(long seed, int lines, int days) {
        RandomGenerator random = new Seed(seed).random("script");
        List<String> text = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            Fault.Deed deed = DEEDS[random.nextInt(DEEDS.length)];
            String argument = "";
            if (deed.takesTime()) {
                argument = " for " + Duration.ofMinutes(random.nextInt(1, LONGEST_MINUTES)).toMinutes() + "m";
            } else if (deed.takesNumber()) {
                argument = " " + random.nextInt(1, DEEPEST_REORG);
            }
            text.add("day %.3f %s%s".formatted(random.nextDouble(days), deed, argument));
        }
        return FaultScript.parse("random", String.join("\n", text));
    }
}
