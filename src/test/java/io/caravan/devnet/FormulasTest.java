package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.BlockHeader;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of the specification: cron epochs, collateral, randomness, CommD; and the map under the state. */
class FormulasTest {

    @ParameterizedTest
    @CsvSource({"0,1000,86400", "5,1000,86405", "86399,1000,86399", "86400,86400,86400", "86401,86402,172801",
        "123456,300000,382656"})
    void findsTheEpochInWhichCronLooksAtADeal(long deal, long earliest, long expected) {
        // the published vector (86399, 1000) → 86399 included
        assertThat(Rules.mainnet().nextUpdate(deal, earliest)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"34359738368,5364418029785156", "2048,319744231"})
    void computesTheLeastProviderCollateral(long size, String expected) {
        assertThat(Rules.mainnet().minCollateral(PaddedPieceSize.of(size), 20L << 58))
                .isEqualTo(TokenAmount.parseAtto(expected));
    }

    @Test
    void drawsRandomness() {
        Bytes digest = Bytes.ofHex("70d338afa4ff4a19130921720f8c896ec33880909f95d99e244ae68f3d770144");
        assertThat(Randomness.draw(5, digest, 4863283, Bytes.ofHex("4300e807")).hex())
                .isEqualTo("c9e5d94942893c16ad61c7ee4ad3e5e7d87bfcf2189bd1d80f128b024d9b380e");
    }

    @Test
    void combinesPiecesIntoASector() {
        assertThat(Bytes.wrap(CommD.zero(2048).commitment()).hex())
                .isEqualTo("fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833");
        assertThat(CommD.of(List.of(), 2048)).isEqualTo(CommD.zero(2048));
        byte[] small = World.filled(1);
        byte[] big = World.filled(2);
        byte[] zero = Bytes.ofHex("3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333").toArray();
        byte[] zeros512 = node(node(zero, zero), node(zero, zero));
        // 128 bytes, a gap of 384, 512 bytes, then zeros up to 2048
        byte[] expected = node(node(node(node(small, zero), node(zero, zero)), big), node(zeros512, zeros512));
        assertThat(CommD.of(List.of(piece(small, 128), piece(big, 512)), 2048).commitment()).isEqualTo(expected);
        assertThat(CommD.of(List.of(piece(big, 1024), piece(small, 1024)), 2048).commitment())
                .isEqualTo(node(big, small));
        assertThatThrownBy(() -> CommD.of(List.of(piece(big, 1024), piece(small, 1024), piece(small, 128)), 2048))
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> CommD.of(List.of(piece(small, 128), piece(big, 2048)), 2048))
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> CommD.of(List.of(piece(big, 4096)), 2048)).hasMessageContaining("larger");
        assertThatThrownBy(() -> CommD.of(List.of(piece(big, 100)), 2048)).isInstanceOf(ActorException.class);
    }

    @Test
    void mapsAsATreeMapDoes() {
        long seed = 20260101;
        Random random = new Random(seed);
        TreeMap<Long, Integer> expected = new TreeMap<>();
        SharedMap<Long, Integer> map = SharedMap.empty();
        for (int i = 0; i < 5000; i++) {
            long key = random.nextInt(400);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.without(key);
            } else {
                expected.put(key, i);
                map = map.with(key, i);
            }
            long probe = random.nextInt(420) - 10;
            assertThat(map.get(probe)).as("seed %d step %d", seed, i).isEqualTo(expected.get(probe));
            assertThat(map.floor(probe)).isEqualTo(expected.floorEntry(probe) == null
                    ? null : expected.floorEntry(probe).getValue());
            assertThat(map.ceiling(probe))
                    .isEqualTo(expected.ceilingEntry(probe) == null ? null : expected.ceilingEntry(probe).getValue());
            assertThat(map.size()).isEqualTo(expected.size());
        }
        TreeMap<Long, Integer> walked = new TreeMap<>();
        map.forEach(walked::put);
        assertThat(walked).isEqualTo(expected);
        assertThat(map.nth(map.size() - 1)).isEqualTo(map.last()).isEqualTo(expected.lastEntry().getValue());
    }

    @Test
    void readsEveryStateRowItWrites() {
        World world = World.funded();
        long deal = world.published(one -> one);
        world.activate(1, deal);
        world.preCommit(World.sector(2, null, world.epoch));
        for (Table<?, ?> table : Tables.ALL) {
            roundTrip(world.draft.state(), table);
        }
    }

    @Test
    void readsItsOwnHeaders() {
        BlockMaker maker = new BlockMaker(new BlockMaker.Setting(Rules.mainnet(), ProofChecks.PLACEHOLDER, 1000, 1_700_000_000,
                30),
                new Faults());
        BlockHeader header = maker.genesis(Bytes.wrap(new byte[32]), new World().draft.state()).header();
        assertThat(BlockHeader.ofCbor(header.toCbor())).isEqualTo(header);
        assertThat(header.ticket()).extracting(Bytes::size).isEqualTo(96);
    }

    private static <K extends Comparable<? super K>, V> void roundTrip(State state, Table<K, V> table) {
        state.table(table).forEach((key, value) -> {
            assertThat(table.key().ofBytes(table.key().bytesOf(key))).isEqualTo(key);
            assertThat(table.value().ofBytes(table.value().bytesOf(value))).as(table.name()).isEqualTo(value);
        });
    }

    private static PieceActivationManifest piece(byte[] commitment, long size) {
        return new PieceActivationManifest(Cid.commP(commitment), PaddedPieceSize.of(size), null, List.of());
    }

    private static byte[] node(byte[] left, byte[] right) {
        byte[] hash = Hashes.sha256(left, right);
        hash[31] &= 0x3f;
        return hash;
    }
}
