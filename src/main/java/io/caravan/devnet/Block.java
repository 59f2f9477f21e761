package io.caravan.devnet;

import io.caravan.chain.BlockHeader;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One block, which is one tipset here, and what executing it did. Receipts and {@code post} show on the chain only
 * through the next block (chain-and-rpc §4.5).
 *
 * @param salt what made this block's ticket differ from that of a block it replaced
 * @param messages BLS-signed ones first, the order they ran in
 * @param outcomes one per message
 * @param parentState what State* calls at this tipset see; null when it is too long ago
 * @param post the state after this block; null when it is too long ago
 */
record Block(BlockHeader header, Cid cid, long salt, List<SignedMessage> messages, List<Vm.Outcome> outcomes,
        @Nullable State parentState, @Nullable State post) {

    Block {
        messages = List.copyOf(messages);
        outcomes = List.copyOf(outcomes);
    }

    long height() {
        return header.height();
    }

    List<MessageReceipt> receipts() {
        return outcomes.stream().map(Vm.Outcome::receipt).toList();
    }

    Block withPost(State next) {
        return new Block(header, cid, salt, messages, outcomes, parentState, next);
    }

    Block withoutStates() {
        return new Block(header, cid, salt, messages, outcomes, null, null);
    }

    /** The block that a child's {@code ParentMessageReceipts} names. */
    static Bytes receiptsBlock(List<MessageReceipt> receipts) {
        CborWriter out = new CborWriter().array(receipts.size());
        receipts.forEach(receipt -> receipt.writeTo(out));
        return out.toBytes();
    }

    /** The block that a header's {@code Messages} names: two lists of CIDs, those of BLS messages first. */
    static Bytes messagesBlock(List<SignedMessage> messages) {
        return new CborWriter().array(2).cid(Cid.dagCborBlake2b(cidsBlock(messages, true).toArray()))
                .cid(Cid.dagCborBlake2b(cidsBlock(messages, false).toArray())).toBytes();
    }

    static Bytes cidsBlock(List<SignedMessage> messages, boolean isBls) {
        List<Cid> cids = messages.stream().filter(message -> message.isBls() == isBls).map(SignedMessage::cid).toList();
        CborWriter out = new CborWriter().array(cids.size());
        cids.forEach(out::cid);
        return out.toBytes();
    }
}
