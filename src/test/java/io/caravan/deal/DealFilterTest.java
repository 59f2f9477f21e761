package io.caravan.deal;

import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.proposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.model.Deal;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SectorStore;
import io.caravan.support.Await;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator's own command says about a deal, run for real. */
class DealFilterTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path folder;

    private final SettableClock clock = SettableClock.at(DealFixture.NOW);
    private final FakeChain chain = DealFixture.chain();
    private final AcceptanceStore accepted = new AcceptanceStore(POSTGRES.database().sql(), clock);
    private final SectorStore sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "test", Deadlines.usual(),
            Backoff.usual(new Random(1)));
    private final Deal deal = proposed(p -> p);

    @BeforeEach
    void look() {
        accepted.look(MINER, TokenAmount.ofAtto(1000), 1 << 20, Long.MAX_VALUE);
    }

    private DealFilter filter(String command, Duration limit) {
        return new DealFilter(new DealFilter.Tools(chain, accepted, sectors, MINER, () -> 4096),
                () -> new DealFilter.Config(Optional.ofNullable(command), limit, 1 << 30), clock);
    }

    private void refuses(String reason, String command) {
        assertThatThrownBy(() -> filter(command, LONG).ask(deal)).isInstanceOf(RejectedException.class).hasMessage(reason);
    }

    @Test
    void takesEveryDealWhenThereIsNoCommand() {
        assertThat(filter(null, LONG).ask(deal)).isEqualTo(deal);
    }

    @Test
    void takesADealByExitCodeZeroEvenFromACommandThatReadsNothingAndPrintsALot() {
        assertThat(filter("exit 0", LONG).ask(deal)).isEqualTo(deal);
        assertThat(filter("head -c 1000000 /dev/zero", LONG).ask(deal)).isEqualTo(deal);
    }

    @Test
    void aServiceDecidesByAPlainYesOrNo() {
        DealFilter filter = filter(null, LONG);
        assertThat(filter.heard(deal, 200, answer("{\"accept\": true}"))).isEqualTo(deal);
        assertThatThrownBy(() -> filter.heard(deal, 200, answer("{\"accept\": false, \"reason\": \"full\\nhouse\"}")))
                .isInstanceOf(RejectedException.class).hasMessage("F9 filter-refused: full house");
        assertThatThrownBy(() -> filter.heard(deal, 200, answer("{\"accept\": false}")))
                .isInstanceOf(RejectedException.class).hasMessage("F9 filter-refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"503|{\"accept\": true}|status 503", "200|yes|did not answer in JSON",
            "200|{\"accept\": \"true\"}|no \"accept\" of true or false", "200|{\"accept\": true} {}|did not answer in JSON", "200|''|no \"accept\""})
    void anyOtherAnswerOfAServiceDecidesNothing(int status, String body, String why) {
        assertThatThrownBy(() -> filter(null, LONG).heard(deal, status, answer(body)))
                .isInstanceOf(RetryableException.class).hasMessageContaining("F9 filter-undecided").hasMessageContaining(why);
    }

    @Test
    void noMoreThanABoundedPartOfAnAnswerIsRead() {
        InputStream endless = new InputStream() {
            private int given;

            @Override
            public int read() {
                assertThat(++given).isLessThan(1 << 20);
                return ' ';
            }
        };
        assertThatThrownBy(() -> filter(null, LONG).heard(deal, 200, endless)).isInstanceOf(RetryableException.class)
                .hasMessageContaining("more than 65536 bytes");
    }

    private static InputStream answer(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesADealWithWhatTheCommandPrints() {
        refuses("F9 filter-refused: no", "echo no; exit 1");
        refuses("F9 filter-refused: on both", "echo on; echo both >&2; exit 3");
        refuses("F9 filter-refused", "exit 1");
    }

    @Test
    void keepsTheReasonShortAndOnOneLine() {
        refuses("F9 filter-refused: a b c " + "x".repeat(494) + "…",
                "printf 'a\\0b\\nc '; head -c 100000 /dev/zero | tr '\\0' x; exit 1");
    }

    @Test
    void tellsTheClientNothingOfACommandThatCannotRun() {
        String told = "F9 filter-error: the miner's deal filter did not decide";
        assertThatThrownBy(() -> filter("/no/such/filter", LONG).ask(deal)).isInstanceOfSatisfying(RejectedException.class, refusal -> {
            assertThat(refusal).hasMessage(told);
            assertThat(refusal.detailForUs()).startsWith("F9 filter-error: exit code 127: ").contains("/no/such/filter");
        });
        refuses(told, folder.toString());
        assertThat(new FilterCommand(java.util.List.of("/no/such/shell"), LONG).run("{}")).isInstanceOf(FilterCommand.NotRun.class);
    }

    @Test
    void killsACommandThatTakesTooLongWithItsChildren() throws Exception {
        Path children = folder.resolve("children");
        String command = "sleep 600 & echo $! >> " + children + "; (sleep 600 & echo $! >> " + children + "; wait); echo done";
        assertThatThrownBy(() -> filter(command, Duration.ofSeconds(3)).ask(deal)).isInstanceOfSatisfying(RejectedException.class, refusal -> {
            assertThat(refusal).hasMessage("F9 filter-error: the miner's deal filter did not decide");
            assertThat(refusal.detailForUs()).isEqualTo("F9 filter-error: no answer within 3000 ms");
        });
        assertThat(Files.readAllLines(children)).hasSize(2).allSatisfy(pid -> Await.until("process " + pid + " is gone", LONG,
                () -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty()));
    }

    @Test
    void asksWithTheJsonThatFiltersRead() throws Exception {
        Path asked = folder.resolve("asked.json");
        filter("cat > " + asked, LONG).ask(deal);
        JsonNode json = new ObjectMapper().readTree(asked.toFile());
        assertThat(json.fieldNames()).toIterable().containsExactlyInAnyOrder("DealUUID", "ProposalCid", "ClientDealProposal",
                "DealDataRoot", "Transfer", "IsOffline", "RemoveUnsealedCopy", "SkipIPNIAnnounce", "SealingPipelineState", "FundsState",
                "StorageState", "DealType", "FormatVersion", "Agent");
        JsonNode proposal = json.path("ClientDealProposal").path("Proposal");
        assertThat(proposal.path("PieceSize").asLong()).isEqualTo(2048);
        assertThat(proposal.path("PieceCID").path("/").asText()).isEqualTo(DealFixture.terms().pieceCid().toString());
        assertThat(proposal.path("StoragePricePerEpoch").asText()).isEqualTo("953");
        assertThat(json.path("ProposalCid").path("/").asText()).isEqualTo(deal.proposalCid().toString());
        assertThat(json.path("Transfer").path("Params").asText()).isEmpty();
        assertThat(json.path("IsOffline").asBoolean()).isFalse();
        assertThat(json.path("SealingPipelineState").has("SectorStates")).isTrue();
        assertThat(json.path("FundsState").path("Escrow").fieldNames()).toIterable().containsExactly("Tagged", "Available", "Locked");
        assertThat(json.path("StorageState").path("TotalAvailable").asLong()).isEqualTo(1 << 30);
        assertThat(json.path("StorageState").path("Free").asLong()).isEqualTo(4096);
        assertThat(json.path("DealType").asText()).isEqualTo("storage");
    }

    @Test
    void lendsItsWordToARouteOfTheOperatorsOwn() {
        assertThatThrownBy(() -> filter(null, LONG).refuse(deal, "not on\n Sundays")).isInstanceOf(RejectedException.class)
                .hasMessage("F9 filter-refused: not on Sundays");
        assertThat(filter(null, LONG).question(deal)).startsWith("{\"DealUUID\":").doesNotContain("\n");
    }
}
