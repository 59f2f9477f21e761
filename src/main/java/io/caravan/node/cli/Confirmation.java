package io.caravan.node.cli;

import java.util.Locale;

/** A question before something that cannot be taken back. */
final class Confirmation {

    private Confirmation() {}

    /**
     * Returns when a person says yes.
     *
     * @param consequence what is about to happen, as a sentence without its end
     * @throws CliException nobody is there to ask, or the answer is no; nothing was done
     */
    static void of(Terminal terminal, String consequence) {
        if (!terminal.isLive()) {
            throw new CliException(CliException.FIX_INPUT, consequence + ": nobody is here to confirm it, add --yes");
        }
        terminal.err().print(consequence + ". Go on? [y/N] ");
        terminal.err().flush();
        String answered = terminal.readLine().strip().toLowerCase(Locale.ROOT);
        if (!answered.equals("y") && !answered.equals("yes")) {
            throw new CliException(CliException.FIX_INPUT, "nothing was done");
        }
    }
}
