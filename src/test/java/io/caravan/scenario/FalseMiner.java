package io.caravan.scenario;

import io.caravan.chain.ChangeMultiaddrsParams;
import io.caravan.chain.ChangePeerIdParams;
import io.caravan.chain.Methods;
import io.caravan.codec.Bytes;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamHandler;
import io.caravan.market.DealServer;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.MarketProtocols;
import io.caravan.market.ProposalResponse;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.support.Await;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody who answers proposals in the place of a miner actor, as a test wants it, truthfully or not. */
final class FalseMiner implements AutoCloseable {

    private static final Duration LANDING = Duration.ofSeconds(60);

    private final FilKey worker = FilKey.generate(KeyType.SECP256K1, new SecureRandom());
    private final Host host = Host.builder().key(PrivKey.generate(new SecureRandom())).clock(Clock.systemUTC())
            .listen("/ip4/127.0.0.1/tcp/0").agent("false miner").start();
    private volatile StreamHandler answer = Stream::reset;

    /** Takes the actor's place on the chain: its peer id, addresses and worker. */
    FalseMiner(World world, FilAddress actor) {
        FilAddress owner = world.chain().reads().accountKey(world.chain().reads().minerInfo(actor).worker());
        push(world, owner, actor, Methods.MINER_CHANGE_PEER_ID, new ChangePeerIdParams(Bytes.wrap(host.peerId().toBytes())).toCbor());
        push(world, owner, actor, Methods.MINER_CHANGE_MULTIADDRS, new ChangeMultiaddrsParams(
                host.listenAddresses().stream().map(Multiaddr::toBytes).map(Bytes::wrap).toList()).toCbor());
        Await.until("the false miner's place on chain", LANDING,
                () -> !world.chain().reads().minerInfo(actor).multiaddrs().isEmpty() && world.chain().reads().minerInfo(actor).peerId() != null);
        world.chain().call("Devnet.SetMinerKeys", actor, owner, worker.address());
        Await.until("the false miner's worker", LANDING, () -> worker.address().equals(
                world.chain().reads().accountKey(world.chain().reads().minerInfo(actor).worker())));
        List.of(MarketProtocols.DEAL, MarketProtocols.DEAL_TEXT_LABEL).forEach(
                protocol -> host.setHandler(protocol, stream -> answer.handle(stream)));
    }

    private static void push(World world, FilAddress from, FilAddress to, long method, byte[] params) {
        world.chain().call("MpoolPushMessage", Map.of("Version", 0, "To", to.toString(), "From", from.toString(), "Nonce", 0,
                "Value", "0", "GasLimit", 0, "GasFeeCap", "0", "GasPremium", "0", "Method", method,
                "Params", Base64.getEncoder().encodeToString(params)), null);
    }

    /** Answers every proposal with that, signed by the worker. */
    void answer(DealState state, String message) {
        answerSignedBy(worker, state, message);
    }

    /** The same with the signature of a key that is nobody's. */
    void answerSignedByAStranger(DealState state, String message) {
        answerSignedBy(FilKey.generate(KeyType.SECP256K1, new SecureRandom()), state, message);
    }

    private void answerSignedBy(FilKey key, DealState state, String message) {
        answer = new DealServer((client, proposal) -> Optional.of(new ProposalResponse(state, message, proposal.proposalCid(), null)),
                bytes -> key.sign(bytes.toArray()), MarketDeadlines.DEFAULT)::serve;
    }

    /** Resets every stream of a proposal. */
    void breakOff() {
        answer = Stream::reset;
    }

    @Override
    public void close() {
        host.close();
    }
}
