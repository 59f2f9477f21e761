package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import java.util.List;

/**
 * What a miner actor tells the market when it proves sectors: the bare array {@code [83 [sector, expiration, [83
 * [pieceCID, size, payload]…]]…]}; the answer is an array per sector of one boolean per piece (chain-and-rpc §4.3).
 */
public record SectorContentChanged(List<SectorChanges> sectors) {

    private static final int MAX_PAYLOAD = 8192;

    /** One proven sector; {@code minimumCommitmentEpoch} is its expiration. */
    public record SectorChanges(SectorNumber sector, long minimumCommitmentEpoch, List<PieceChange> added) {

        public SectorChanges {
            added = List.copyOf(added);
        }
    }

    /** One piece in it; for a market deal the payload is the CBOR of the deal id. */
    public record PieceChange(Cid piece, PaddedPieceSize size, Bytes payload) {
    }

    public SectorContentChanged {
        sectors = List.copyOf(sectors);
    }

    public void writeTo(CborWriter out) {
        Tuple.list(out, sectors, changes -> {
            out.array(3).uint(changes.sector().value()).integer(changes.minimumCommitmentEpoch());
            Tuple.list(out, changes.added(),
                    piece -> out.array(3).cid(piece.piece()).uint(piece.size().bytes()).bytes(piece.payload()));
        });
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static SectorContentChanged readFrom(CborReader in) {
        return new SectorContentChanged(Tuple.list(in, sector -> {
            sector.tuple(3);
            return new SectorChanges(SectorNumber.of(sector.uint()), sector.integer(), Tuple.list(sector, piece -> {
                piece.tuple(3);
                return new PieceChange(piece.cid(), PaddedPieceSize.of(piece.uint()),
                        Bytes.wrap(piece.bytes(MAX_PAYLOAD)));
            }));
        }));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static SectorContentChanged ofCbor(byte[] cbor) {
        return Tuple.read(cbor, SectorContentChanged::readFrom);
    }

    /** The answer: one boolean per piece of each sector. */
    public static byte[] answer(List<List<Boolean>> accepted) {
        return Tuple.bytesOf(out -> Tuple.list(out, accepted, sector -> Tuple.list(out, sector, out::bool)));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one answer */
    public static List<List<Boolean>> answerOf(byte[] cbor) {
        return Tuple.read(cbor, in -> Tuple.list(in, sector -> Tuple.list(sector, CborReader::bool)));
    }
}
