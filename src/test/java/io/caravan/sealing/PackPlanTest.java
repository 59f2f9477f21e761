package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.store.SectorStore.OpenSector;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final PackPlan plan = new PackPlan(PaddedPieceSize.of(2048), 4);

    private static List<SectorPiece> pieces(String sizes) {
        String[] all = sizes.split(" ");
        return IntStream.range(0, all.length).mapToObj(i -> new SectorPiece(name(i), i, name(99),
                Cid.commP(new byte[32]),
                PaddedPieceSize.of(Long.parseLong(all[i])), "/x", 1, Epoch.of(9), Epoch.of(99), true, NOW, null, null,
                null, null)).toList();
    }

    /** {@code used/pieces} of each open sector, by number. */
    private static List<OpenSector> open(String sectors) {
        String[] all = sectors == null ? new String[0] : sectors.split(" ");
        return IntStream.range(0, all.length).mapToObj(i -> new OpenSector(
                Sector.fresh(FilAddress.ofId(1000), SectorNumber.of(i), 5, NOW), Long.parseLong(all[i].split("/")[0]),
                Integer.parseInt(all[i].split("/")[1]))).toList();
    }

    private static Cid name(int i) {
        return Cid.rawSha256(new byte[] {(byte) i});
    }

    @ParameterizedTest(name = "{0} into {1}: {2}")
    @CsvSource({
            "2048,         0/0,          piece 0 sector 0 gap 0",
            "2048,         128/1,        none",
            "2048,         128/1 0/0,    piece 0 sector 1 gap 0",
            "512,          128/1,        piece 0 sector 0 gap 384",
            "512,          128/1 512/1,  piece 0 sector 1 gap 0",      // least waste before older sector
            "512,          512/1 512/1,  piece 0 sector 0 gap 0",      // equal: older sector
            "1024 256,     256/1,        piece 1 sector 0 gap 0",      // least waste before order
            "1024 512,     1024/1,       piece 1 sector 0 gap 0",      // equal: smaller piece
            "256 256,      256/1,        piece 0 sector 0 gap 0",      // equal: as given
            "1024,         1152/1,       none",                        // room, but not at an aligned place
            "128,          1920/1,       piece 0 sector 0 gap 0",
            "128,          2048/1,       none",
            "128,          512/4,        none",                        // full by number
            "128,          ,             none",
    })
    void takesThePairThatWastesLeast(String sizes, String sectors, String expected) {
        String found = plan.next(pieces(sizes), open(sectors)).map(pair -> "piece "
                + Stream.of(0, 1).filter(i -> name(i).equals(pair.proposalCid())).findFirst().orElseThrow()
                + " sector " + pair.sector() + " gap " + pair.gap()).orElse("none");
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void knowsAFullSector() {
        assertThat(open("2048/1 1921/1 128/4").stream().allMatch(plan::isFull)).isTrue();
        assertThat(open("0/0 1920/3").stream().anyMatch(plan::isFull)).isFalse();
    }
}
