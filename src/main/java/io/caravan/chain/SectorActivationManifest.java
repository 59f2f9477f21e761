package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.SectorNumber;
import java.util.List;

/** The pieces of one sector in their order, as ProveCommitSectors3 declares them: {@code 82 [sector, [piece…]]}. */
public record SectorActivationManifest(SectorNumber sector, List<PieceActivationManifest> pieces) {

    public SectorActivationManifest {
        pieces = List.copyOf(pieces);
    }

    public void writeTo(CborWriter out) {
        out.array(2).uint(sector.value());
        Tuple.list(out, pieces, piece -> piece.writeTo(out));
    }

    public static SectorActivationManifest readFrom(CborReader in) {
        in.tuple(2);
        return new SectorActivationManifest(SectorNumber.of(in.uint()),
                Tuple.list(in, PieceActivationManifest::readFrom));
    }
}
