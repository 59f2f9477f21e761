package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Message;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import java.util.Optional;

/** Where a message landed: visible from the block after the one that carries it (chain-and-rpc §4.5). */
final class MessageSearch {

    /** The message that ran, its receipt, and the tipset that first shows it. */
    record Found(SignedMessage message, MessageReceipt receipt, Block shownBy) {

        JsonNode json(Shapes shapes) {
            ObjectNode json = shapes.object();
            json.set("Message", LotusJson.cid(message.cid()));
            json.set("Receipt", shapes.of(receipt));
            json.set("ReturnDec", shapes.of(null));
            json.set("TipSet", shapes.key(shownBy));
            return json.put("Height", shownBy.height());
        }
    }

    private static final int REPLACED_LOOK_BACK = 1000;

    private final LiveChain chain;

    MessageSearch(LiveChain chain) {
        this.chain = chain;
    }

    /**
     * Looks down from a tipset.
     *
     * @param lookback how many epochs, −1 for all
     */
    Optional<Found> find(Cid cid, Block from, long lookback, boolean isReplacedAllowed) {
        ChainView view = chain.view();
        Optional<Block> carrier = view.carrying(cid);
        Optional<Found> found = carrier.flatMap(block -> inBlock(view, block, message ->
                message.cid().equals(cid) || message.message().cid().equals(cid)));
        if (found.isEmpty() && isReplacedAllowed) {
            found = chain.message(cid).flatMap(wanted -> replaced(view, wanted));
        }
        return found.filter(one -> one.shownBy().height() <= from.height())
                .filter(one -> lookback < 0 || one.shownBy().height() >= from.height() - lookback);
    }

    /** A message of the same sender and nonce that says the same but for gas. */
    private static Optional<Found> replaced(ChainView view, SignedMessage wanted) {
        boolean isNonceUsed = BlockMaker.stateAfter(view.head()).actor(wanted.message().from())
                .map(sender -> sender.nonce() > wanted.message().nonce()).orElse(false);
        if (!isNonceUsed) {
            return Optional.empty();
        }
        Optional<Block> at = Optional.of(view.head());
        for (int i = 0; i < REPLACED_LOOK_BACK && at.isPresent(); i++) {
            Optional<Found> found = inBlock(view, at.get(), message ->
                    isReplacement(message.message(), wanted.message()));
            if (found.isPresent()) {
                return found;
            }
            at = view.floor(at.get().height() - 1);
        }
        return Optional.empty();
    }

    private static boolean isReplacement(Message one, Message other) {
        return one.nonce() == other.nonce() && one.from().equals(other.from()) && one.to().equals(other.to())
                && one.method() == other.method() && one.params().equals(other.params()) && one.value()
                .equals(other.value());
    }

    private interface Wanted {
        boolean isIt(SignedMessage message);
    }

    private static Optional<Found> inBlock(ChainView view, Block block, Wanted wanted) {
        for (int place = 0; place < block.messages().size(); place++) {
            SignedMessage message = block.messages().get(place);
            if (wanted.isIt(message)) {
                MessageReceipt receipt = block.receipts().get(place);
                return view.childOf(block).map(child -> new Found(message, receipt, child));
            }
        }
        return Optional.empty();
    }
}
