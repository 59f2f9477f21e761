package io.caravan.node;

import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;

/** Where the process starts. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(Cli.run(Terminal.system(), args));
    }
}
