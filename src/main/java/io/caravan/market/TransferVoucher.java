package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;

/**
 * What entitles a client to push: the CID of its signed proposal, as the tuple {@code 81} [CID] (wire-protocols §8.2).
 */
final class TransferVoucher {

    static final String TYPE = "StorageDataTransferVoucher";

    private TransferVoucher() {
    }

    static Bytes of(Cid proposalCid) {
        return new CborWriter().array(1).cid(proposalCid).toBytes();
    }

    static Cid proposalCid(Bytes voucher) {
        CborReader in = new CborReader(voucher.toArray());
        in.tuple(1);
        Cid cid = in.cid();
        in.end();
        return cid;
    }
}
