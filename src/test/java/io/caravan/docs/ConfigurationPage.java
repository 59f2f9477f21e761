package io.caravan.docs;

import io.caravan.node.config.NextStart;
import java.util.Map;
import java.util.stream.Collectors;

/** docs/configuration.md: every setting with its default and the comment of its file. */
final class ConfigurationPage {

    private ConfigurationPage() {}

    static String text() {
        var page = new StringBuilder("""
                # Configuration

                Written from the comments of `config/*.properties`; do not edit it by hand.

                Later sources win: the shipped files, what the checkout's `config/` changes in them, `caravan.properties` of the home
                folder, environment variables (`CARAVAN_MINER_PORT` is `miner.port`, `CARAVAN_DB_URL` is `caravan.db.url`), `--set
                key=value`. A key that does not exist is refused with the nearest one that does; a value that cannot be used is one
                sentence that names key, value and origin, and exit code 2. Keys that begin with `my.` are free for
                [routes of your own](examples.md).

                Values carry their unit: `250ms`, `30s`, `5m`, `1h`, `14d`; `512B`, `2KiB`, `32GiB`; `0.2 FIL`, `500000000 attoFIL`. Times of
                the chain are numbers of epochs. *On the devnet* is the default while `chain.url` is empty, where epochs are quick.
                *Changed* says `at once` where a running role takes a new value from its files, for the next deal, batch or look; all others
                hold from the next start on, for the reason given, and `./caravan routes history` says so. The clock of sealing, Quartz, has its own file, [quartz.properties](../config/quartz.properties).

                """);
        Map<String, String> devnet = ShippedKeys.onDevnet().stream()
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        String file = "";
        String section = "";
        for (ShippedKeys.Key key : ShippedKeys.all()) {
            if (!file.equals(key.file())) {
                page.append(file.isEmpty() ? "" : "\n").append("## [").append(key.file()).append(".properties](../config/")
                        .append(key.file()).append(".properties)\n");
                file = key.file();
                section = "";
            }
            if (!section.equals(key.section())) {
                page.append("\n### ").append(key.section())
                        .append("\n\n| key | default | on the devnet | changed | what it is |\n|---|---|---|---|---|\n");
                section = key.section();
            }
            page.append("| `").append(key.name()).append("` | ").append(code(key.value())).append(" | ")
                    .append(code(devnet.getOrDefault(key.name(), ""))).append(" | ").append(NextStart.reason(key.name()).map(reason -> "next start: " + reason).orElse("at once")).append(" | ")
                    .append(key.comment().isEmpty() ? "as above" : key.comment().replace("|", "\\|")).append(" |\n");
        }
        return page.toString();
    }

    private static String code(String value) {
        return value.isEmpty() ? "" : "`" + value + "`";
    }
}
