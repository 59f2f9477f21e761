package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.cli.StandInRole.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that start deals and move data: what they ask of the roles, what they print, and how they end. */
@Timeout(60)
class DataVerbsTest {

    private static final String TRANSFERS = """
            [{"proposalCid":"bafyone","transferId":17,"otherPeer":"12D3peer","isInitiator":true,"status":"ONGOING","received":1048576,
              "total":4194304,"bytesPerSecond":524288,"attempt":2,"secondsLeft":6,"reason":null,"progressAt":"2026-01-01T12:00:00Z"},
             {"proposalCid":"bafytwo","transferId":18,"otherPeer":"12D3peer","isInitiator":true,"status":"FAILED","received":5,
              "total":null,"bytesPerSecond":0,"attempt":1,"secondsLeft":null,"reason":"cut","progressAt":"2026-01-01T11:00:00Z"}]""";

    @TempDir
    private Path home;

    private StandInRole daemon;
    private StandInRole miner;

    @BeforeEach
    void start() {
        daemon = new StandInRole(home, "daemon");
        miner = new StandInRole(home, "miner");
    }

    @AfterEach
    void stop() {
        daemon.close();
        miner.close();
    }

    private Said say(String... words) {
        return StandInRole.say(home, words);
    }

    private void refused(int code, String reason, String... words) {
        Said said = say(words);
        assertThat(said.code()).as(said.err()).isEqualTo(code);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains(reason);
    }

    private Path file(String name) throws IOException {
        return Files.writeString(home.resolve(name), "data");
    }

    @Test
    void transfersShowsProgressOfEitherSide() {
        daemon.answers("Caravan.Transfers", 0, TRANSFERS);
        miner.answers("Caravan.Transfers", 0, "[]");
        Said text = say("transfers");
        assertThat(text.code()).isZero();
        assertThat(text.out()).contains("17", "ONGOING", "1.0 MiB of 4.0 MiB (25 %)", "512.0 KiB/s", "bafytwo", "FAILED", "cut");
        assertThat(say("transfers", "--json").json()).hasSize(2);
        assertThat(say("transfers", "--miner").out()).contains("no transfers yet");
        assertThat(say("transfers", "--miner", "--json").json()).isEmpty();
    }

    @Test
    void aTransferIsCancelledByItsNumberAndRestartedByItsDeal() {
        daemon.answers("Caravan.Transfers", 0, TRANSFERS).answers("Filecoin.ClientCancelDataTransfer", 3, "null");
        miner.answers("Caravan.Transfers", 0, TRANSFERS).answers("Filecoin.MarketRestartDataTransfer", 3, "null");
        Said cancelled = say("transfers", "cancel", "17", "--json");
        assertThat(cancelled.code()).as(cancelled.err()).isZero();
        assertThat(cancelled.json().path("proposalCid").asText()).isEqualTo("bafyone");
        assertThat(daemon.asked()).last().isEqualTo("ClientCancelDataTransfer[17, \"12D3peer\", true]");
        assertThat(say("transfers", "restart", "bafytwo", "--miner").out()).contains("transfer 18 of deal bafytwo: restarting");
        assertThat(miner.asked()).last().isEqualTo("MarketRestartDataTransfer[18, \"12D3peer\", true]");
        refused(2, "no transfer 99 here", "transfers", "cancel", "99");
        refused(2, "ID", "transfers", "cancel");
        daemon.goes();
        refused(1, "the daemon is not running", "transfers");
    }

    @Test
    void genCarMakesTheCarAndSaysWhatToPropose() throws IOException {
        daemon.answers("Filecoin.ClientImport", 1, "{\"Root\":{\"/\":\"bafkroot\"},\"ImportID\":1}")
                .answers("Filecoin.ClientGenCar", 2, "null")
                .answers("Filecoin.ClientDealPieceCID", 1, "{\"PayloadSize\":907,\"PieceSize\":1024,\"PieceCID\":{\"/\":\"bagapiece\"}}");
        Path source = file("data.bin");
        Path target = home.resolve("data.car");
        Said text = say("gen-car", source.toString(), target.toString());
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out()).contains("./caravan deal MINER bafkroot --manual --piece-cid bagapiece --piece-size 1024");
        assertThat(daemon.asked()).element(1).asString().startsWith("ClientGenCar[").contains("\"IsCAR\":false").contains(target.toString());
        Said json = say("gen-car", source.toString(), target.toString(), "--car", "--json");
        assertThat(json.json().path("pieceCid").asText()).isEqualTo("bagapiece");
        assertThat(json.json().path("pieceSize").asLong()).isEqualTo(1024);
        assertThat(daemon.asked()).element(4).asString().contains("\"IsCAR\":true");
        refused(2, "there is no file", "gen-car", home.resolve("none").toString(), target.toString());
        refused(2, "there is no folder for", "gen-car", source.toString(), home.resolve("no/where.car").toString());
        refused(2, "OUT", "gen-car", source.toString());
        assertThat(daemon.asked()).hasSize(6);
    }

    @Test
    void importDataBringsAFileToTheMinerOrSaysWhyNot() throws IOException {
        miner.answers("Filecoin.MarketImportDealData", 2, "null");
        Path car = file("data.car");
        Said said = say("import-data", "bafyone", car.toString());
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("deal bafyone has its data");
        assertThat(miner.asked()).containsExactly("MarketImportDealData[{\"/\":\"bafyone\"}, \"" + car + "\"]");
        assertThat(say("import-data", "bafyone", car.toString(), "--json").json().path("file").asText()).isEqualTo(car.toString());
        refused(2, "there is no file", "import-data", "bafyone", home.resolve("none").toString());
        refused(2, "FILE", "import-data", "bafyone");
        miner.goes();
        refused(1, "the miner is not running", "import-data", "bafyone", car.toString());
    }

    @Test
    void aRefusalOfTheMinerIsToldWithItsCode() throws IOException {
        miner.answers("Filecoin.MarketImportDealData", 2, "refused: IM7 wrong-piece: the file's piece CID is another");
        refused(2, "IM7 wrong-piece", "import-data", "bafyone", file("data.car").toString());
    }

    @Test
    void dealAsksForWhatItsFlagsSay() {
        daemon.answers("Filecoin.WalletDefaultAddress", 0, "\"t1wallet\"").answers("Filecoin.ClientStartDeal", 1, "{\"/\":\"bafyone\"}");
        Said said = say("deal", "t01000", "bafkroot", "--price", "500", "--duration", "600000", "--start", "4000", "--collateral", "7",
                "--verified", "--no-fast-retrieval", "--json");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.json().path("proposalCid").asText()).isEqualTo("bafyone");
        assertThat(daemon.asked()).last().asString().contains("\"TransferType\":\"graphsync\"", "\"PieceCid\":null", "\"Wallet\":\"t1wallet\"",
                "\"EpochPrice\":\"500\"", "\"MinBlocksDuration\":600000", "\"DealStartEpoch\":4000", "\"ProviderCollateral\":\"7\"",
                "\"FastRetrieval\":false", "\"VerifiedDeal\":true");
        assertThat(say("deal", "t01000", "bafkroot", "--wallet", "t1other", "--price", "1", "--manual", "--piece-cid", "bagapiece",
                "--piece-size", "2048").out()).contains("./caravan show bafyone");
        assertThat(daemon.asked()).last().asString().contains("\"TransferType\":\"manual\"", "\"PieceSize\":2032", "\"bagapiece\"",
                "\"Wallet\":\"t1other\"", "\"FastRetrieval\":true", "\"VerifiedDeal\":false", "\"MinBlocksDuration\":518400");
    }

    @Test
    void dealRefusesFlagsThatDoNotFitBeforeItAsksAnybody() {
        List<String> deal = List.of("deal", "t01000", "bafkroot");
        refused(2, "cannot both be asked for", with(deal, "--fast-retrieval", "--no-fast-retrieval"));
        refused(2, "belong together", with(deal, "--piece-cid", "bagapiece"));
        refused(2, "belong together", with(deal, "--piece-size", "2048"));
        refused(2, "--manual needs --piece-cid and --piece-size", with(deal, "--manual"));
        refused(2, "--piece-size 3000 is no power of two", with(deal, "--piece-cid", "bagapiece", "--piece-size", "3000"));
        refused(2, "--piece-size 64 is no power of two from 128 on", with(deal, "--piece-cid", "bagapiece", "--piece-size", "64"));
        refused(2, "--duration", with(deal, "--duration", "long"));
        refused(2, "PAYLOAD_CID", "deal", "t01000");
        assertThat(daemon.asked()).isEmpty();
    }

    private static String[] with(List<String> words, String... more) {
        return Stream.concat(words.stream(), Arrays.stream(more)).toArray(String[]::new);
    }
}
