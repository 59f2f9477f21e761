package io.caravan.node.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log files are read back line by line, in text and JSON, over rotations, and what is about a deal is found. */
class LogFilesTest {

    private static final String TEXT = "2026-03-04T05:06:07.123Z INFO  i.c.c.DealComponent    role=provider deal=bafyone route=StorageDealPublish trace=ab12 provider deal bafyone moved\n";
    private static final String JSON = "{\"time\":\"2026-03-04T05:06:08.000Z\",\"level\":\"WARN\",\"logger\":\"io.caravan.X\",\"deal\":\"bafyone\",\"message\":\"it failed\","
            + "\"error\":{\"type\":\"E\",\"stack\":\"E: no\\n\\tat somewhere\\n\"}}\n";

    @TempDir
    Path folder;

    private final List<LogLine> seen = new ArrayList<>();

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void textAndJsonLinesBecomeTheSame() throws IOException {
        write("up.log", TEXT + "java.io.IOException: away\n\tat a.b.C\n" + JSON);
        new LogFiles(folder).read(seen::add);
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).at()).isEqualTo(Instant.parse("2026-03-04T05:06:07.123Z"));
        assertThat(seen.get(0).fields()).containsEntry("deal", "bafyone").containsEntry("role", "provider").containsEntry("route", "StorageDealPublish");
        assertThat(seen.get(0).message()).isEqualTo("provider deal bafyone moved\njava.io.IOException: away\n\tat a.b.C");
        assertThat(seen.get(1).level()).isEqualTo("WARN");
        assertThat(seen.get(1).message()).isEqualTo("it failed\nE: no\n\tat somewhere");
    }

    @Test
    void eachReadingGoesOnWhereTheLastOneEndedAlsoOverARotation() throws IOException {
        LogFiles files = new LogFiles(folder);
        write("miner.log", TEXT + "2026-03-04T05:06:09.000Z INFO  x half a li");
        files.read(seen::add);
        assertThat(seen).as("the last line is still written").hasSize(1);
        write("miner.log", "ne\n");
        Files.move(folder.resolve("miner.log"), folder.resolve("miner.log.1"));
        Files.setLastModifiedTime(folder.resolve("miner.log.1"), FileTime.from(Instant.EPOCH));
        write("miner.log", JSON);
        files.read(seen::add);
        assertThat(seen).extracting(LogLine::message).containsExactly("provider deal bafyone moved", "half a line", "it failed\nE: no\n\tat somewhere");
        files.read(seen::add);
        assertThat(seen).hasSize(3);
    }

    @Test
    void aLineWithoutEndAndAFileOfRubbishAreBounded() throws IOException {
        write("miner.log", "\0\1\2 rubbish\n{\"time\":\n" + TEXT.stripTrailing() + "x".repeat(100_000) + "\n" + "below\n".repeat(1000));
        write("other.txt", TEXT);
        new LogFiles(folder).read(seen::add);
        assertThat(seen).singleElement().satisfies(line -> assertThat(line.message().length()).isLessThan(20_000));
    }

    @Test
    void linesAboutADealCarryItNameItOrBelongToItsMessageOrSector() throws IOException {
        write("miner.log", TEXT + "2026-03-04T05:06:09.000Z WARN  x message bafymessage is pushed again\n2026-03-04T05:06:09.000Z INFO  x sector=7 it is sealed\n"
                + "2026-03-04T05:06:09.000Z INFO  x sector=77 another\n2026-03-04T05:06:09.000Z INFO  x deal=bafytwo other\n");
        AboutDeal about = new AboutDeal("bafyone", Set.of("bafymessage"), "7");
        new LogFiles(folder).read(line -> {
            if (about.has(line)) {
                seen.add(line);
            }
        });
        assertThat(seen).extracting(LogLine::message).containsExactly("provider deal bafyone moved", "message bafymessage is pushed again", "it is sealed");
    }
}
