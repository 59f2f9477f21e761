package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import org.jspecify.annotations.Nullable;

/**
 * What the initiator of a channel says. Map {@code aa}: BCid, Part, Paus, Pull, Stor, Type, VTyp, Vouch, XferID,
 * RestartChannel (wire-protocols §8.2).
 *
 * @param isPull whether the initiator wants data; a storage deal pushes
 * @param baseCid root of the DAG; null in messages that open nothing
 * @param selector raw CBOR; null likewise
 * @param voucher raw CBOR; null likewise
 * @param voucherType its name, empty without a voucher
 * @param transferId unsigned
 * @param restartChannel the channel of a RESTART_EXISTING; null (four empty bytes on the wire) otherwise
 */
record TransferRequest(TransferType type, boolean isPaused, boolean isPull, @Nullable Cid baseCid,
        @Nullable Bytes selector, @Nullable Bytes voucher, String voucherType, long transferId,
                       @Nullable ChannelId restartChannel) implements TransferMessage {

    private static final Bytes NO_CHANNEL = Bytes.ofHex("83606000");

    /** Opens a push (NEW), or goes on with one (RESTART): the same message but for the type. */
    static TransferRequest push(TransferType type, long transferId, Cid root, Cid proposalCid) {
        return new TransferRequest(type, false, false, root, Selectors.EXPLORE_ALL, TransferVoucher.of(proposalCid),
                TransferVoucher.TYPE, transferId, null);
    }

    static TransferRequest cancel(long transferId) {
        return plain(TransferType.CANCEL, false, transferId, null);
    }

    static TransferRequest update(long transferId, boolean paused) {
        return plain(TransferType.UPDATE, paused, transferId, null);
    }

    /** The responder's plea to the initiator, who alone can restart. */
    static TransferRequest restartExisting(ChannelId channel) {
        return plain(TransferType.RESTART_EXISTING, false, 0, channel);
    }

    private static TransferRequest plain(TransferType type, boolean paused, long transferId,
            @Nullable ChannelId channel) {
        return new TransferRequest(type, paused, false, null, null, null, "", transferId, channel);
    }

    @Override
    public void writeFields(CborWriter out) {
        out.map(10).text("BCid").cidOrNull(baseCid).text("Part").bool(false).text("Paus").bool(isPaused)
                .text("Pull").bool(isPull);
        raw(out.text("Stor"), selector);
        out.text("Type").uint(type.code()).text("VTyp").text(voucherType);
        raw(out.text("Vouch"), voucher);
        out.text("XferID").unsigned(transferId).text("RestartChannel")
                .raw(restartChannel == null ? NO_CHANNEL.toArray() : restartChannel.toCbor());
    }

    static void raw(CborWriter out, @Nullable Bytes item) {
        if (item == null) {
            out.nul();
        } else {
            out.raw(item.toArray());
        }
    }

    static TransferRequest ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        Bytes channel = fields.find("RestartChannel");
        boolean none = channel == null || channel.equals(NO_CHANNEL);
        return new TransferRequest(TransferType.ofCode(fields.uint("Type")), fields.bool("Paus"), fields.bool("Pull"),
                fields.cid("BCid"), fields.find("Stor"), fields.find("Vouch"), fields.text("VTyp", 256),
                fields.orElse("XferID", 0L, CborReader::unsigned),
                none ? null : fields.required("RestartChannel", ChannelId::readFrom));
    }
}
