package io.caravan.node.cli;

import io.caravan.node.Version;
import picocli.CommandLine.Command;

/** Says which build this is and what it runs on. */
@Command(name = "version", description = "Print the version.")
final class VersionVerb extends Verb {

    @Override
    public Integer call() {
        String java = System.getProperty("java.version");
        return answer(object().put("version", Version.text()).put("java", java), "caravan " + Version.text() + " on Java " + java);
    }
}
