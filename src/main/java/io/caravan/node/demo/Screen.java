package io.caravan.node.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How many lines and columns the terminal shows. */
record Screen(int rows, int columns) {

    /** What a terminal has that does not tell. */
    static final Screen USUAL = new Screen(24, 80);

    private static final int MIN_ROWS = 8;
    private static final int MIN_COLUMNS = 20;
    private static final int MAX_ANSWER = 32;

    /** Asks the terminal of this process, as it is now: a person may change its size. */
    static Screen ofTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String answer = new String(stty.getInputStream().readNBytes(MAX_ANSWER), StandardCharsets.US_ASCII);
            return stty.waitFor(1, TimeUnit.SECONDS) ? parse(answer) : USUAL;
        } catch (IOException e) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }

    /** Reads {@code 40 120}; a size in which nothing could be shown is the usual one. */
    static Screen parse(String answer) {
        String[] numbers = answer.strip().split(" ");
        if (numbers.length != 2 || !numbers[0].matches("\\d{1,4}") || !numbers[1].matches("\\d{1,4}")) {
            return USUAL;
        }
        Screen told = new Screen(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        return told.rows < MIN_ROWS || told.columns < MIN_COLUMNS ? USUAL : told;
    }

    /** The line, cut to what fits: a longer one would wrap and shift all that is drawn after it. */
    String fit(String line) {
        return line.length() <= columns ? line : line.substring(0, columns - 1) + "…";
    }
}
