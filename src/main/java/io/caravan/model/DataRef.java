package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import org.jspecify.annotations.Nullable;

/**
 * Where a deal's data comes from and how (wire-protocols §5.2).
 *
 * @param transferType {@link #GRAPHSYNC} or {@link #MANUAL}; others stay readable to be refused with a reason
 * @param pieceCid null when the client did not compute it yet
 * @param pieceSize 0 when unknown
 * @param rawBlockSize bytes of the payload without the CAR around it, 0 when unknown
 */
public record DataRef(
        @JsonProperty("TransferType") String transferType,
        @JsonProperty("Root") Cid root,
        @JsonProperty("PieceCid") @Nullable Cid pieceCid,
        @JsonProperty("PieceSize") UnpaddedPieceSize pieceSize,
        @JsonProperty("RawBlockSize") long rawBlockSize) {

    public static final String GRAPHSYNC = "graphsync";
    public static final String MANUAL = "manual";

    private static final int MAX_TEXT = 8192;

    public DataRef {
        Required.all(transferType, "TransferType", root, "Root");
        if (pieceSize == null) {
            pieceSize = UnpaddedPieceSize.ZERO;
        }
        if (rawBlockSize < 0) {
            throw new CodecException("a raw block size cannot be " + rawBlockSize);
        }
    }

    /** A graphsync transfer of everything under {@code root}, piece unknown yet. */
    public static DataRef graphsync(Cid root) {
        return new DataRef(GRAPHSYNC, root, null, UnpaddedPieceSize.ZERO, 0);
    }

    public DataRef withPiece(Cid newPieceCid, UnpaddedPieceSize newPieceSize) {
        return new DataRef(transferType, root, newPieceCid, newPieceSize, rawBlockSize);
    }

    public void writeTo(CborWriter out) {
        out.map(5).text("Root").cid(root).text("PieceCid").cidOrNull(pieceCid);
        out.text("PieceSize").uint(pieceSize.bytes());
        out.text("RawBlockSize").uint(rawBlockSize).text("TransferType").text(transferType);
    }

    public byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    /** Keys in any order; unknown keys are skipped, missing ones have Go's zero value, a missing root is refused. */
    public static DataRef readFrom(CborReader in) {
        String transferType = "";
        Cid root = null;
        Cid pieceCid = null;
        long pieceSize = 0;
        long rawBlockSize = 0;
        int entries = in.map();
        for (int i = 0; i < entries; i++) {
            switch (in.text(MAX_TEXT)) {
                case "Root" -> root = in.cid();
                case "PieceCid" -> pieceCid = in.cidOrNull();
                case "PieceSize" -> pieceSize = in.uint();
                case "RawBlockSize" -> rawBlockSize = in.uint();
                case "TransferType" -> transferType = in.text(MAX_TEXT);
                default -> in.skip();
            }
        }
        if (root == null) {
            throw new CodecException("a data reference has a root");
        }
        return new DataRef(transferType, root, pieceCid, UnpaddedPieceSize.of(pieceSize), rawBlockSize);
    }

    public static DataRef ofCbor(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        DataRef ref = readFrom(in);
        in.end();
        return ref;
    }
}
