package io.caravan.devnet;

import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.util.Optional;

/** The dag-cbor blocks behind the CIDs that headers name, put together on demand from what is in memory. */
final class ObjectStore {

    private static final int MAX_LOOK_BACK = 1000;

    private final LiveChain chain;

    ObjectStore(LiveChain chain) {
        this.chain = chain;
    }

    Optional<Bytes> find(Cid cid) {
        ChainView view = chain.view();
        Optional<Block> header = view.byCid(cid);
        if (header.isPresent()) {
            return header.map(block -> Bytes.wrap(block.header().toCbor()));
        }
        Optional<SignedMessage> message = chain.message(cid);
        if (message.isPresent()) {
            return message.map(found -> Bytes.wrap(found.cid().equals(cid) && !found.isBls()
                    ? found.toCbor() : found.message().toCbor()));
        }
        Optional<Bytes> events = events(cid);
        return events.isPresent() ? events : ofHeaders(view, cid);
    }

    /** The list of events a receipt names. */
    Optional<Bytes> events(Cid root) {
        ChainView view = chain.view();
        Optional<Block> at = Optional.of(view.head());
        for (int i = 0; i < MAX_LOOK_BACK && at.isPresent(); i++) {
            for (Vm.Outcome outcome : at.get().outcomes()) {
                if (root.equals(outcome.receipt().eventsRoot())) {
                    return Optional.of(Event.bytesOf(outcome.events()));
                }
            }
            at = view.floor(at.get().height() - 1);
        }
        return Optional.empty();
    }

    private static Optional<Bytes> ofHeaders(ChainView view, Cid cid) {
        Optional<Block> at = Optional.of(view.head());
        for (int i = 0; i < MAX_LOOK_BACK && at.isPresent(); i++) {
            Block block = at.get();
            State state = block.parentState();
            if (block.header().messages().equals(cid)) {
                return Optional.of(Block.messagesBlock(block.messages()));
            }
            for (boolean isBls : new boolean[] {true, false}) {
                Bytes list = Block.cidsBlock(block.messages(), isBls);
                if (!block.messages().isEmpty() && Cid.dagCborBlake2b(list.toArray()).equals(cid)) {
                    return Optional.of(list);
                }
            }
            if (block.header().parentStateRoot().equals(cid) && state != null) {
                return Optional.of(state.root());
            }
            at = view.floor(block.height() - 1);
            if (block.header().parentMessageReceipts().equals(cid) && at.isPresent()) {
                return Optional.of(Block.receiptsBlock(at.get().receipts()));
            }
        }
        State state = view.head().parentState();
        return state == null ? Optional.empty() : Tables.ALL.stream().map(state::block)
                .filter(block -> Cid.dagCborBlake2b(block.toArray()).equals(cid)).findFirst();
    }
}
