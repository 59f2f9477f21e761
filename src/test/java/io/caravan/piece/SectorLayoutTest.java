package io.caravan.piece;

import static io.caravan.piece.PieceVectors.commP;
import static io.caravan.piece.PieceVectors.constant;
import static io.caravan.piece.PieceVectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectorLayoutTest {
    private static final PaddedPieceSize SECTOR = new PaddedPieceSize(2048);

    @Test
    void hasTheCommDOfThePublishedSectors() {
        Map.of("1/2", "0cef72bef8c501f767fe32f6add6aed8ba0687fbac0754283022dc81ac13bd1e",
                "1/4", "e6d48ab18d3b8e4156cad7c078d2b2d835cc5e9b3bf5e4cc8dde8d2b04ed3812",
                "1/4 2/2", "6485cdb87fec29f59cbdb6f121c46bf9c2ef9269fe35318bf0462f5e323b402a",
                "1/8 2/4", "0bde8535f3c28c93b8477cf17b0668282b25fd317aa8d32b1eefdf2d2c32a224",
                "1/4 2/8", "a01d5b51ba6a70c97e397f2fa9eb0a76866a3eed7a05fe8c9fa391d7178f5b3c",
                "1/16 2/8 3/16 4/4 5/16", "a85d5d5e064186ebf47cb6f0ab481a39b18b2972e911c71b5cd376b9b495e834"
        ).forEach((pieces, commD) -> assertThat(hex(layout(pieces).commD().commitment())).as(pieces).isEqualTo(commD));
    }

    @Test
    void namesCommDAsAPieceCid() {
        assertThat(layout("1/16 2/8 3/16 4/4 5/16").commD())
                .hasToString("baga6ea4seaqkqxk5lydedbxl6r6ln4fljandtmmlffzoseohdnong5vzwsk6qna");
    }

    @Test
    void hasTheCommPOfThePublishedPieces() {
        assertThat(hex(piece("1/16").commP().commitment()))
                .isEqualTo("52cb8910f883908eed9120b291487ebe5ccf664d8cc48d206a949e41b1afc933");
        assertThat(hex(piece("4/4").commP().commitment()))
                .isEqualTo("480fc0226a76b1c5509b3e49ef2f2480a01972c2619883286b16792b40164f08");
    }

    @Test
    void isAllZerosWithoutAPiece() {
        assertThat(SectorLayout.empty(SECTOR).commD()).isEqualTo(ZeroCommitments.commP(SECTOR));
        assertThat(SectorLayout.empty(SECTOR).allPieces()).hasSize(1);
    }

    @Test
    void placesEachPieceAtAMultipleOfItsSize() {
        SectorLayout layout = layout("1/16 2/4 3/16");
        assertThat(layout.pieces()).extracting(PlacedPiece::offset).containsExactly(0L, 512L, 1024L);
        assertThat(layout.allPieces()).extracting(p -> p.piece().size().bytes())
                .containsExactly(128L, 128L, 256L, 512L, 128L, 128L, 256L, 512L);
    }

    @Test
    void coversTheSectorWithoutGapWhateverThePieces() {
        for (String pieces : List.of("1/2", "1/16", "1/16 2/2", "1/8 2/16 3/4", "1/1")) {
            long at = 0;
            for (PlacedPiece p : layout(pieces).allPieces()) {
                assertThat(p.offset()).isEqualTo(at);
                at = p.end();
            }
            assertThat(at).as(pieces).isEqualTo(2048);
        }
    }

    @Test
    void refusesAPieceThatFindsNoPlace() {
        SectorLayout layout = layout("1/16 2/2");
        assertThat(layout.fits(new PaddedPieceSize(128))).isFalse();
        assertThatThrownBy(() -> layout.add(piece("1/16"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(layout("1/16").fits(new PaddedPieceSize(2048))).isFalse();
    }

    @Test
    void hashesBareNodesAsTheSectorTreeDoes() {
        byte[] one = new byte[64];
        one[0] = 1;
        assertThat(hex(new NodeHasher().hash(Arrays.copyOf(one, 32), new byte[32])))
                .isEqualTo("16abab341fb7f370e27e4dadcf81766dd0dfd0ae64469477bb2cf6614938b22f");
        byte[] sector = new byte[2048];
        sector[0] = 1;
        assertThat(Cid.commD(new NodeHasher().reduce(sector, 64)))
                .hasToString("baga6ea4seaqovgk4kr4eoifujh6jfmdqvw3m6zrvyjqzu6s6abkketui6jjoydi");
    }

    private static SectorLayout layout(String pieces) {
        var list = new ArrayList<Piece>();
        for (String p : pieces.split(" ")) {
            list.add(piece(p));
        }
        return SectorLayout.of(SECTOR, list);
    }

    /** "b/d": byte b, 2032/d times. */
    private static Piece piece(String text) {
        String[] p = text.split("/");
        return commP(constant(Integer.parseInt(p[0]), 2032 / Integer.parseInt(p[1]))).piece();
    }
}
