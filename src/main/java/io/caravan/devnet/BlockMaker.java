package io.caravan.devnet;

import io.caravan.chain.BlockHeader;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the next block and executes it at once (chain-and-rpc §4.5): cron for the epochs without a block, the messages,
 * cron for the block's own epoch. The header names the state and the receipts of the parent, so what was executed shows
 * with the next block.
 */
final class BlockMaker {

    /** A block and the rows it changed. */
    record Made(Block block, List<Draft.Change> changes) {
    }

    /** What the maker needs of the configuration. */
    record Setting(Rules rules, ProofChecks checks, long miner, long genesisSeconds, long blockDelaySeconds) {
    }

    private static final Signature NO_AGGREGATE = new Signature(SignatureType.BLS, Bytes.ofHex("c0" + "00".repeat(95)));
    private static final Signature NO_SIGNATURE = new Signature(SignatureType.BLS, Bytes.wrap(new byte[96]));

    private final Setting setting;
    private final Faults faults;

    BlockMaker(Setting setting, Faults faults) {
        this.setting = setting;
        this.faults = faults;
    }

    /** @throws IllegalStateException if the new state breaks an invariant; then there is no new block */
    Made make(ChainView chain, long height, long salt, List<SignedMessage> messages, Rules rules) {
        Block parent = chain.head();
        State before = stateAfter(parent);
        BlockHeader header = header(chain.seed(), height, salt, parent, before, messages, rules);
        Block unexecuted = new Block(header, header.cid(), salt, messages, List.of(), before, before);
        Draft draft = new Draft(before);
        Cron cron = new Cron(rules);
        cron.skip(draft, height - 1);
        Vm vm = new Vm(new Call.World(draft, rules, chain.with(unexecuted), setting.checks(), faults), height,
                setting.miner());
        List<Vm.Outcome> outcomes = new ArrayList<>();
        for (SignedMessage message : messages) {
            outcomes.add(vm.apply(message.message()));
        }
        cron.run(draft, height);
        if (draft.state() != before) {
            Invariants.check(draft.state());
        }
        return new Made(new Block(header, unexecuted.cid(), salt, messages, outcomes, before, draft.state()),
                draft.changes());
    }

    /** The first block, which carries no message. */
    Block genesis(Bytes seed, State state) {
        Cid root = Cid.dagCborBlake2b(state.root().toArray());
        BlockHeader header = new BlockHeader(FilAddress.ofId(0), ChainView.vrf(seed, 0, 0), null,
                List.of(new BlockHeader.BeaconEntry(0, ChainView.beaconData(seed, 0, 0))), List.of(), List.of(),
                BigInteger.ZERO, 0,
                root, Cid.dagCborBlake2b(Block.receiptsBlock(List.of()).toArray()),
                Cid.dagCborBlake2b(Block.messagesBlock(List.of()).toArray()), NO_AGGREGATE, setting.genesisSeconds(),
                NO_SIGNATURE, 0, setting.rules().baseFee());
        return new Block(header, header.cid(), 0, List.of(), List.of(), state, state);
    }

    static State stateAfter(Block block) {
        State post = block.post();
        if (post == null) {
            throw new IllegalStateException("the state after epoch " + block.height() + " is no longer here");
        }
        return post;
    }

    private BlockHeader header(Bytes seed, long height, long salt, Block parent, State before,
            List<SignedMessage> messages,
            Rules rules) {
        return new BlockHeader(FilAddress.ofId(setting.miner()), ChainView.vrf(seed, height, salt),
                new BlockHeader.ElectionProof(1, ChainView.vrf(seed, height, salt + 1)),
                List.of(new BlockHeader.BeaconEntry(height, ChainView.beaconData(seed, height, salt))), List.of(),
                List.of(parent.cid()), BigInteger.valueOf(height), height, Cid.dagCborBlake2b(before.root().toArray()),
                Cid.dagCborBlake2b(Block.receiptsBlock(parent.receipts()).toArray()),
                Cid.dagCborBlake2b(Block.messagesBlock(messages).toArray()), NO_AGGREGATE,
                setting.genesisSeconds() + height * setting.blockDelaySeconds(), NO_SIGNATURE, 0, rules.baseFee());
    }
}
