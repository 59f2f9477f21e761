package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.devnet.Table.Form;
import java.util.ArrayList;
import java.util.List;

/** Every table of the chain state. The order is that of the codes, and of the state root. */
final class Tables {

    private static final Form<Long> NUMBER = new Form<>((value, out) -> out.integer(value), CborReader::integer);
    private static final Form<Bytes> BYTES = new Form<>((value, out) -> out.bytes(value),
            in -> Bytes.wrap(in.bytes(256)));
    private static final Form<Cid> CID = new Form<>((value, out) -> out.cid(value), CborReader::cid);
    private static final Form<SectorKey> SECTOR = new Form<>(SectorKey::writeTo, SectorKey::readFrom);
    private static final Form<List<Long>> NUMBERS = new Form<>(Tables::writeNumbers, Tables::readNumbers);

    /** Actor id to actor. */
    static final Table<Long, Actor> ACTORS = new Table<>(0, "actors", NUMBER,
            new Form<>(Actor::writeTo, Actor::readFrom));
    /** Bytes of a key or robust address to the actor's id. */
    static final Table<Bytes, Long> ADDRESSES = new Table<>(1, "addresses", BYTES, NUMBER);
    /** Actor id to its funds in the market. */
    static final Table<Long, Escrow> ESCROW = new Table<>(2, "escrow", NUMBER,
            new Form<>(Escrow::writeTo, Escrow::readFrom));
    /** Deal id to the deal. */
    static final Table<Long, PublishedDeal> DEALS =
            new Table<>(3, "deals", NUMBER, new Form<>(PublishedDeal::writeTo, PublishedDeal::readFrom));
    /** On-chain proposal CID of every deal never settled, to its id. */
    static final Table<Cid, Long> PENDING = new Table<>(4, "pending", CID, NUMBER);
    /** What cron has to look at, by epoch. */
    static final Table<CronKey, Long> CRON =
            new Table<>(5, "cron", new Form<>(CronKey::writeTo, CronKey::readFrom), NUMBER);
    /** Actor id of a miner to what it says of itself. */
    static final Table<Long, MinerRecord> MINERS =
            new Table<>(6, "miners", NUMBER, new Form<>(MinerRecord::writeTo, MinerRecord::readFrom));
    /** Sectors that wait for their proof. */
    static final Table<SectorKey, PreCommit> PRE_COMMITS =
            new Table<>(7, "pre-commits", SECTOR, new Form<>(PreCommit::writeTo, PreCommit::readFrom));
    /** Proven sectors. */
    static final Table<SectorKey, ProvenSector> SECTORS =
            new Table<>(8, "sectors", SECTOR, new Form<>(ProvenSector::writeTo, ProvenSector::readFrom));
    /** Deal ids by the sector that holds them, as the market keeps them. */
    static final Table<SectorKey, List<Long>> SECTOR_DEALS = new Table<>(9, "sector-deals", SECTOR, NUMBERS);
    /** Client id to the bytes it may still store as verified. */
    static final Table<Long, Long> DATACAP = new Table<>(10, "datacap", NUMBER, NUMBER);
    /** Allocation id to the verified allocation. */
    static final Table<Long, Allocation> ALLOCATIONS =
            new Table<>(11, "allocations", NUMBER, new Form<>(Allocation::writeTo, Allocation::readFrom));
    /** Allocation id to the claim it became. */
    static final Table<Long, Claim> CLAIMS =
            new Table<>(12, "claims", NUMBER, new Form<>(Claim::writeTo, Claim::readFrom));
    /** One row, key 0: counters and sums. */
    static final Table<Long, Totals> TOTALS =
            new Table<>(13, "totals", NUMBER, new Form<>(Totals::writeTo, Totals::readFrom));

    /** When proven sectors have to be proven again. */
    static final Table<SectorKey, SectorDuty> DUTIES =
            new Table<>(14, "duties", SECTOR, new Form<>(SectorDuty::writeTo, SectorDuty::readFrom));

    static final List<Table<?, ?>> ALL = List.of(ACTORS, ADDRESSES, ESCROW, DEALS, PENDING, CRON, MINERS, PRE_COMMITS,
            SECTORS, SECTOR_DEALS, DATACAP, ALLOCATIONS, CLAIMS, TOTALS, DUTIES);

    private Tables() {
    }

    private static void writeNumbers(List<Long> numbers, CborWriter out) {
        out.array(numbers.size());
        numbers.forEach(out::uint);
    }

    private static List<Long> readNumbers(CborReader in) {
        int count = in.array();
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(in.uint());
        }
        return List.copyOf(numbers);
    }
}
