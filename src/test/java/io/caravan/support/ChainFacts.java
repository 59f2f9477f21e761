package io.caravan.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.ChainJson;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** What landed on the devnet from a height on, counted by what it did: the chain is the witness that cannot be talked to. */
public final class ChainFacts {

    private record Applied(long height, Message message, long exitCode) {}

    private final List<Applied> applied = new ArrayList<>();
    private long next;

    /** Reads the devnet's log from that height to its head. */
    public static ChainFacts since(CaravanHome home, long height) {
        return since(from -> home.call("devnet", "Devnet.Log", from), height);
    }

    /** The same from whoever answers {@code Devnet.Log}. */
    public static ChainFacts since(LongFunction<JsonNode> log, long height) {
        ChainFacts facts = new ChainFacts();
        facts.next = height;
        facts.goOn(log);
        return facts;
    }

    /** Reads on from where the last read ended: a log from the first epoch takes a devnet ever longer. */
    public void goOn(LongFunction<JsonNode> log) {
        JsonNode page;
        do {
            page = log.apply(next);
            for (JsonNode entry : page) {
                next = entry.path("Height").asLong() + 1;
                JsonNode message = entry.path("Message");
                applied.add(new Applied(entry.path("Height").asLong(),
                        ChainJson.message(message.has("Message") ? message.path("Message") : message),
                        entry.path("Receipt").path("ExitCode").asLong()));
            }
        } while (!page.isEmpty());
    }

    /** Those from a height on. */
    public ChainFacts from(long height) {
        ChainFacts facts = new ChainFacts();
        applied.stream().filter(one -> one.height() >= height).forEach(facts.applied::add);
        return facts;
    }

    /** How many PublishStorageDeals messages hold the proposal. */
    public long publishesOf(String proposal) {
        return count(m -> isCall(m, Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS)
                && PublishStorageDealsParams.ofCbor(m.params().toArray()).deals().stream()
                        .anyMatch(deal -> deal.proposalCid().toString().equals(proposal)));
    }

    /** How many AddBalance messages fill the escrow of one who is known by these addresses. */
    public long topUpsOf(Set<FilAddress> addresses) {
        return count(m -> isCall(m, Methods.MARKET, Methods.MARKET_ADD_BALANCE)
                && addresses.contains(AddBalanceParams.ofCbor(m.params().toArray()).address()));
    }

    /** What each AddBalance message that fills that escrow carries. */
    public List<TokenAmount> topUpValuesOf(Set<FilAddress> addresses) {
        return applied.stream().map(Applied::message).filter(m -> isCall(m, Methods.MARKET, Methods.MARKET_ADD_BALANCE)
                && addresses.contains(AddBalanceParams.ofCbor(m.params().toArray()).address())).map(Message::value).toList();
    }

    /** How many deals each PublishStorageDeals message holds, in the order of landing. */
    public List<Integer> publishSizes() {
        return applied.stream().map(Applied::message).filter(m -> isCall(m, Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS))
                .map(m -> PublishStorageDealsParams.ofCbor(m.params().toArray()).deals().size()).toList();
    }

    /** How many messages pre-commit the sector. */
    public long preCommitsOf(FilAddress miner, long sector) {
        return count(m -> isCall(m, miner, Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)
                && PreCommitSectorBatch2Params.ofCbor(m.params().toArray()).sectors().stream()
                        .anyMatch(info -> info.sector().value() == sector));
    }

    /** How many messages prove the sector. */
    public long provesOf(FilAddress miner, long sector) {
        return count(m -> isCall(m, miner, Methods.MINER_PROVE_COMMIT_SECTORS3)
                && ProveCommitSectors3Params.ofCbor(m.params().toArray()).sectors().stream()
                        .anyMatch(manifest -> manifest.sector().value() == sector));
    }

    /** How each message to that actor's method ended, in the order of landing; 0 is well. */
    public List<Long> exitCodesOf(FilAddress to, long method) {
        return applied.stream().filter(one -> isCall(one.message(), to, method)).map(Applied::exitCode).toList();
    }

    /** How many messages these senders have in the chain. */
    public long sentBy(Set<FilAddress> senders) {
        return count(m -> senders.contains(m.from()));
    }

    /** How many messages made a miner actor. */
    public long minersMade() {
        return count(m -> isCall(m, Methods.POWER, Methods.POWER_CREATE_MINER));
    }

    /** How many messages failed. */
    public long failures() {
        return applied.stream().filter(one -> one.exitCode() != 0).count();
    }

    private long count(Predicate<Message> which) {
        return applied.stream().map(Applied::message).filter(which).count();
    }

    private static boolean isCall(Message message, FilAddress to, long method) {
        return message.to().equals(to) && message.method() == method;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        applied.forEach(one -> text.append("%d: %s method %d to %s value %s nonce %d exit %d%n".formatted(one.height(),
                one.message().from(), one.message().method(), one.message().to(), one.message().value(), one.message().nonce(), one.exitCode())));
        return text.toString();
    }
}
