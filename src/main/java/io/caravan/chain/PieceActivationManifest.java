package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a sector and who hears of it: {@code 84 [pieceCID, size, null|82 [client id, allocation id], [82
 * [address, payload]…]]} (chain-and-rpc §4.3).
 *
 * @param allocation the verified allocation this piece claims; null for none
 */
public record PieceActivationManifest(Cid piece, PaddedPieceSize size, @Nullable AllocationKey allocation,
        List<Notification> notifications) {

    private static final int MAX_PAYLOAD = 8192;

    /** A verified allocation: the client's actor id and the allocation's own. */
    public record AllocationKey(long client, long id) {
    }

    /** An actor to tell, and what to tell it. */
    public record Notification(FilAddress address, Bytes payload) {
    }

    public PieceActivationManifest {
        notifications = List.copyOf(notifications);
    }

    /** The piece of a market deal: the market actor is told the deal id and activates the deal. */
    public static PieceActivationManifest ofDeal(Cid piece, PaddedPieceSize size, long dealId) {
        Bytes payload = Bytes.wrap(Tuple.bytesOf(out -> out.uint(dealId)));
        return new PieceActivationManifest(piece, size, null, List.of(new Notification(Methods.MARKET, payload)));
    }

    public void writeTo(CborWriter out) {
        out.array(4).cid(piece).uint(size.bytes());
        if (allocation == null) {
            out.nul();
        } else {
            out.array(2).uint(allocation.client()).uint(allocation.id());
        }
        Tuple.list(out, notifications, one -> {
            out.array(2);
            one.address().writeTo(out);
            out.bytes(one.payload());
        });
    }

    public static PieceActivationManifest readFrom(CborReader in) {
        in.tuple(4);
        return new PieceActivationManifest(in.cid(), PaddedPieceSize.of(in.uint()), allocation(in),
                Tuple.list(in, one -> {
                    one.tuple(2);
                    return new Notification(FilAddress.readFrom(one), Bytes.wrap(one.bytes(MAX_PAYLOAD)));
                }));
    }

    private static @Nullable AllocationKey allocation(CborReader in) {
        if (in.isNull()) {
            in.nul();
            return null;
        }
        in.tuple(2);
        return new AllocationKey(in.uint(), in.uint());
    }
}
