package io.caravan.deal;

import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.deal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.market.MarketException;
import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.piece.CommPStream;
import io.caravan.piece.Piece;
import io.caravan.piece.PieceCommitment;
import io.caravan.support.DealFixture;
import io.caravan.support.MapJournal;
import io.caravan.support.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransferPhasesTest {

    private static final Duration OFFLINE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private final MapJournal journal = new MapJournal();
    private final List<DealEvent> noted = new ArrayList<>();
    private final SettableClock clock = SettableClock.at(NOW);
    private final TransferWatcher watcher = new TransferWatcher(journal, notes(),
            new TransferPatience(() -> Duration.ofHours(24)), () -> OFFLINE, clock);
    private final AtomicInteger pushes = new AtomicInteger();

    private static boolean isWaiting(Deal deal) {
        return deal.waiting().what() != null;
    }

    /** Fires nothing: only what was fired counts here. */
    private TransferNotes notes() {
        return new TransferNotes((deal, event) -> {
            noted.add(event);
            return deal;
        });
    }

    private static final RemoteStates.Pace PACE = new RemoteStates.Pace(Duration.ofSeconds(30), Duration.ofMinutes(10));

    private DataSender sender() {
        RemoteStates silent = new RemoteStates(DealFixture.chain(), (miner, provider, proposalCid, signature) -> {
            throw new MarketException("silent");
        }, DealFixture.signer(), () -> PACE, (proposalCid, since) -> false, clock);
        return new DataSender(proposalCid -> {
            pushes.incrementAndGet();
            return journal.findByProposal(Role.CLIENT, proposalCid)
                    .orElseGet(() -> journal.say(Role.CLIENT, proposalCid, TransferStatus.REQUESTED, NOW, null));
        }, journal, silent, notes(), new TransferPatience(() -> Duration.ofHours(24)), clock);
    }

    private Transfer say(Deal deal, TransferStatus status) {
        return journal.say(deal.role(), deal.proposalCid(), status, clock.instant(), null);
    }

    @ParameterizedTest
    @EnumSource(value = TransferStatus.class, names = {"FAILED", "CANCELLED"})
    void aChannelThatFailedBeforeItStartedIsNotOpenedAgain(TransferStatus end) {
        Deal deal = deal(Role.CLIENT, DealState.START_DATA_TRANSFER);
        say(deal, end);
        assertThatThrownBy(() -> sender().start(deal)).isInstanceOf(FatalException.class)
                .hasMessageStartingWith("data transfer ");
    }

    @Test
    void theProviderWaitsForAChannelThenForTheLastByte() {
        Deal deal = deal(Role.PROVIDER, DealState.WAITING_FOR_DATA);
        assertThat(isWaiting(watcher.lookStart(deal))).isTrue();
        say(deal, TransferStatus.ONGOING);
        Deal started = watcher.lookStart(deal);
        assertThat(isWaiting(started)).isFalse();
        assertThat(started.transfer().id()).isEqualTo(7L);
        assertThat(isWaiting(watcher.look(deal))).isTrue();
        say(deal, TransferStatus.COMPLETED);
        assertThat(isWaiting(watcher.look(deal))).isFalse();
        assertThat(watcher.look(deal)).isEqualTo(watcher.look(deal));
    }

    @Test
    void anOfflineDealThatWaitsForItsImportIsLeftAloneForAWhile() {
        Deal offline = deal(Role.PROVIDER, DealState.WAITING_FOR_DATA);
        Deal online = offline.withFiles(new Deal.Files("/staging/a.car", null, 0L));
        assertThat(watcher.lookStart(offline).turn().runAfter()).isEqualTo(clock.instant().plus(OFFLINE));
        assertThat(watcher.lookStart(online).turn().runAfter()).isEqualTo(clock.instant().plus(TransferWatcher.QUIET));
    }

    @ParameterizedTest
    @EnumSource(value = TransferStatus.class, names = {"FAILED", "CANCELLED"})
    void aTransferThatEndedBadlyEndsTheDealOnBothSides(TransferStatus end) {
        Deal provider = deal(Role.PROVIDER, DealState.TRANSFERRING);
        say(provider, end);
        assertThatThrownBy(() -> watcher.look(provider)).isInstanceOf(FatalException.class)
                .hasMessageStartingWith("data transfer ");
        Deal client = deal(Role.CLIENT, DealState.TRANSFERRING);
        say(client, end);
        assertThatThrownBy(() -> sender().look(client)).isInstanceOf(FatalException.class);
    }

    @Test
    void afterARestartOnlyNewProgressCounts() {
        Deal deal = deal(Role.PROVIDER, DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
        say(deal, TransferStatus.ONGOING);
        assertThat(isWaiting(watcher.lookRestart(deal))).as("as it was before we went down").isTrue();
        clock.forward(Duration.ofSeconds(1));
        say(deal, TransferStatus.ONGOING);
        assertThat(isWaiting(watcher.lookRestart(deal))).isFalse();
    }

    @Test
    void afterARestartACompleteTransferIsComplete() {
        Deal deal = deal(Role.PROVIDER, DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
        say(deal, TransferStatus.COMPLETED);
        assertThat(isWaiting(watcher.lookRestart(deal))).isFalse();
    }

    @Test
    void theClientGoesOnWithTheChannelItHas() {
        Deal deal = deal(Role.CLIENT, DealState.START_DATA_TRANSFER);
        assertThat(isWaiting(sender().start(deal))).isTrue();
        say(deal, TransferStatus.QUEUED);
        assertThat(isWaiting(sender().start(deal))).isFalse();
        assertThat(isWaiting(sender().lookStart(deal))).isTrue();
        say(deal, TransferStatus.ONGOING);
        assertThat(isWaiting(sender().lookStart(deal))).isFalse();
        assertThat(isWaiting(sender().look(deal))).isTrue();
        say(deal, TransferStatus.COMPLETED);
        assertThat(isWaiting(sender().look(deal))).isFalse();
        assertThat(isWaiting(sender().restart(deal))).isFalse();
        assertThat(journal.findByProposal(Role.CLIENT, deal.proposalCid()).orElseThrow().status())
                .isEqualTo(TransferStatus.COMPLETED);
    }

    @Test
    void theClientSendsNothingToAMinerThatHasTheData() {
        Deal deal = deal(Role.CLIENT, DealState.START_DATA_TRANSFER);
        Deal heard = deal.withRemote(new Deal.Remote(DealState.PUBLISHING, "", NOW, null, 1, 0));
        assertThat(isWaiting(sender().start(heard))).isFalse();
        assertThat(isWaiting(sender().lookStart(heard))).isFalse();
        assertThat(pushes).hasValue(0);
    }

    @Test
    void silenceIsCountedFromTheLastByteHoweverOftenASideStarts() {
        for (Role role : Role.values()) {
            Deal deal = deal(role, DealState.TRANSFERRING);
            Transfer transfer = say(deal, TransferStatus.STALLED);
            clock.forward(Duration.ofHours(5));
            Deal looked = role == Role.CLIENT ? sender().look(deal) : watcher.look(deal);
            assertThat(looked.turn().deadline()).isEqualTo(transfer.pace().progressAt().plus(Duration.ofHours(24)));
        }
    }

    @Test
    void afterTheClientsRestartACompleteTransferIsComplete() {
        Deal deal = deal(Role.CLIENT, DealState.CLIENT_TRANSFER_RESTART);
        say(deal, TransferStatus.ONGOING);
        assertThat(isWaiting(sender().lookComplete(deal))).isTrue();
        say(deal, TransferStatus.COMPLETED);
        assertThat(isWaiting(sender().lookComplete(deal))).isFalse();
    }

    @Test
    void aCancelledTransferFiresItsOwnEvent() {
        Deal deal = deal(Role.PROVIDER, DealState.TRANSFERRING);
        say(deal, TransferStatus.CANCELLED);
        assertThatThrownBy(() -> watcher.look(deal)).isInstanceOfSatisfying(FatalException.class, failure ->
                assertThat(failure.event()).isEqualTo(DealEvent.DATA_TRANSFER_CANCELLED)).hasMessage("data transfer cancelled");
    }

    @Test
    void aTransferThatWaitsForAPlaceSaysSo() {
        Deal deal = deal(Role.PROVIDER, DealState.TRANSFERRING);
        say(deal, TransferStatus.REQUESTED);
        assertThat(watcher.look(deal).waiting().what()).startsWith("a free place for the transfer");
    }

    private Deal staged(byte[] data, long pieceSize, Cid piece) throws Exception {
        Path file = Files.write(folder.resolve("data.car"), data);
        DealProposal terms = DealFixture.terms();
        DealProposal sized = new DealProposal(piece, PaddedPieceSize.of(pieceSize), false, terms.client(),
                terms.provider(),
                terms.label(), terms.startEpoch(), terms.endEpoch(), terms.storagePricePerEpoch(),
                terms.providerCollateral(),
                terms.clientCollateral());
        return deal(Role.PROVIDER, DealState.VERIFY_DATA, sized).withFiles(new Deal.Files(file.toString(), null, null));
    }

    private static PieceCommitment commitment(byte[] data) throws Exception {
        CommPStream stream = new CommPStream();
        stream.write(data);
        return stream.finish();
    }

    @Test
    void verifiesByTheCommitmentThatWasComputedOnTheWay() throws Exception {
        byte[] data = new byte[500];
        PieceCommitment found = commitment(data);
        Deal deal = staged(data, 2048, found.paddedTo(PaddedPieceSize.of(2048)).commP());
        journal.say(Role.PROVIDER, deal.proposalCid(), TransferStatus.COMPLETED, NOW, found);
        PieceVerifier verifier = new PieceVerifier(journal);
        Deal verified = verifier.verify(deal);
        assertThat(verified.files().bytes()).isEqualTo(500);
        assertThat(verifier.verify(verified)).isEqualTo(verified);
    }

    @Test
    void readsTheStagedFileWhenTheCommitmentWasLost() throws Exception {
        byte[] data = new byte[] {1, 2, 3};
        Deal deal = staged(data, 128, commitment(data).commP());
        assertThat(new PieceVerifier(journal).verify(deal).files().bytes()).isEqualTo(3);
    }

    @Test
    void rejectsAPieceWhoseCommPDiffers() throws Exception {
        Deal deal = staged(new byte[] {1, 2, 3}, 128, Cid.commP(new byte[32]));
        assertThatThrownBy(() -> new PieceVerifier(journal).verify(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("the deal's is " + Cid.commP(new byte[32]));
    }

    @Test
    void rejectsDataThatIsLargerThanThePiece() throws Exception {
        byte[] data = new byte[500];
        Deal deal = staged(data, 256, commitment(data).commP());
        assertThatThrownBy(() -> new PieceVerifier(journal).verify(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("needs a piece of");
    }

    @Test
    void rejectsACommitmentOfAFileThatIsNotTheWholeFile() throws Exception {
        byte[] data = new byte[500];
        Deal deal = staged(data, 512, commitment(new byte[499]).commP());
        journal.say(Role.PROVIDER, deal.proposalCid(), TransferStatus.COMPLETED, NOW,
                new PieceCommitment(new Piece(deal.proposal().proposal().pieceCid(), PaddedPieceSize.of(512)), 499));
        assertThat(new PieceVerifier(journal).verify(deal).files().bytes())
                .as("zeros hash alike, the length is the file's").isEqualTo(500);
    }

    @Test
    void saysWhichFileIsGone() throws Exception {
        Deal deal = staged(new byte[3], 128, Cid.commP(new byte[32]));
        Files.delete(folder.resolve("data.car"));
        assertThatThrownBy(() -> new PieceVerifier(journal).verify(deal)).isInstanceOf(FatalException.class)
                .hasMessageContaining("data.car");
    }
}
