package io.caravan.deal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client reads why its deal failed, and learns nothing of where the miner keeps its files. */
class PeerWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "the data is gone: /srv/miner/staging/bafy.car | the data is gone: (a file of the miner)",
        "cannot read /srv/a/b.car: No space left | cannot read (a file of the miner): No space left",
        "/srv/a/b.car | (a file of the miner)",
        "(/srv/a/b.car) | ((a file of the miner))",
        "\"/srv/a/b.car\" | \"(a file of the miner)\"",
        "/srv/one, /srv/two/ and /three | (a file of the miner), (a file of the miner) and (a file of the miner)",
        "NoSuchFileException:/srv/a.car | NoSuchFileException:(a file of the miner)",
        "from=/srv/a.car | from=(a file of the miner)",
        "file:///srv/a.car is bad | (a file of the miner) is bad",
        "C:\\Users\\me\\staging\\a.car: gone | (a file of the miner): gone"})
    void leavesOutWhereFilesLie(String message, String told) {
        assertThat(PeerWords.of(message)).isEqualTo(told);
    }

    @Test
    void leavesOutAQuotedPathWithSpaces() {
        assertThat(PeerWords.of("cannot open '/Users/A Person/my data/a.car' now")).isEqualTo("cannot open (a file of the miner) now");
    }

    @Test
    void leavesOutThePathThatIsAllAFileErrorSays() {
        assertThat(PeerWords.of("cannot be read: " + new NoSuchFileException("/srv/x/sectors/unsealed/s-t01000-3").getMessage()))
                .isEqualTo("cannot be read: (a file of the miner)");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "V14 price-below-ask: 118 < 119", "500 attoFIL/GiB/epoch is asked", "2/3 of the sector, and/or more",
        "no way to /ip4/127.0.0.1/tcp/24001/p2p/12D3KooWabc", "it does not speak /fil/storage/mk/1.1.1",
        "see https://example.org/terms/deals", "the deal starts at 10 / it is 12", "not activated by start epoch 7"})
    void leavesAllOtherWordsAsTheyAre(String message) {
        assertThat(PeerWords.of(message)).isEqualTo(message);
    }

    @Test
    void hasNoWordsWhereThereIsNoMessage() {
        assertThat(PeerWords.of(null)).isEmpty();
    }
}
