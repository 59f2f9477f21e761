package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.BitField;
import io.caravan.codec.Base58;
import io.caravan.codec.Bytes;
import io.caravan.codec.LotusJson;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** {@code Filecoin.State*} about miners and their sectors. */
final class MinerCalls {

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;

    MinerCalls(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
    }

    void register(MethodTable table) {
        ChainCalls.read(table, "StateMinerInfo", 2, this::info);
        ChainCalls.read(table, "StateMinerPower", 2, this::power);
        ChainCalls.read(table, "StateMinerAvailableBalance", 2, params -> {
            State state = reader.state(params, 1);
            long id = reader.miner(state, reader.address(params, 0));
            return shapes.of(MinerActor.available(new Draft(state), id).toAttoString());
        });
        ChainCalls.read(table, "StateMinerAllocated", 2, params -> bitfield(miner(params, 1).allocated()));
        ChainCalls.read(table, "StateMinerSectorAllocated", 3,
                params -> shapes.of(miner(params, 2).allocated().contains(params.integer(1, "sector"))));
        ChainCalls.read(table, "StateMinerSectors", 3, this::chosenSectors);
        ChainCalls.read(table, "StateMinerActiveSectors", 2,
                params -> sectors(params, 1, (key, one) -> !one.isFaulty()));
        ChainCalls.read(table, "StateMinerSectorCount", 2, this::count);
        ChainCalls.read(table, "StateMinerFaults", 2, this::faults);
        ChainCalls.read(table, "StateMinerPreCommitDepositForPower", 3,
                params -> shapes.of(chain.rules().preCommitDeposit().timesRatio(110, 100).toAttoString()));
        ChainCalls.read(table, "StateMinerInitialPledgeForSector", 4,
                params -> shapes.of(chain.rules().initialPledge().timesRatio(110, 100).toAttoString()));
        ChainCalls.read(table, "StateMinerInitialPledgeCollateral", 3,
                params -> shapes.of(chain.rules().initialPledge().timesRatio(110, 100).toAttoString()));
        ChainCalls.read(table, "StateSectorPreCommitInfo", 3, this::preCommit);
        table.registerV0("Filecoin.StateSectorPreCommitInfo", io.caravan.rpc.RpcMethod.read(3, (params, context) -> {
            JsonNode info = preCommit(params);
            if (info.isNull()) {
                throw new RpcException("precommit info is not exists");
            }
            return info;
        }));
        ChainCalls.read(table, "StateSectorGetInfo", 3, params -> {
            ProvenSector sector = sector(params);
            return sector == null ? shapes.of(null) : sector(params.integer(1, "sector"), sector);
        });
        ChainCalls.read(table, "StateSectorExpiration", 3, params -> {
            ProvenSector sector = required(params);
            return shapes.object().put("OnTime", sector.expiration()).put("Early",
                    sector.isFaulty() ? sector.faultySince() + chain.rules().faultMaxAge() : 0);
        });
        new ProvingCalls(chain, shapes).register(table);
    }

    private MinerRecord miner(Params params, int tipset) {
        State state = reader.state(params, tipset);
        return state.find(Tables.MINERS, reader.miner(state, reader.address(params, 0))).orElseThrow();
    }

    private JsonNode info(Params params) {
        MinerRecord miner = miner(params, 1);
        ObjectNode json = shapes.object().put("Owner", shapes.address(miner.owner()))
                .put("Worker", shapes.address(miner.worker())).put("NewWorker", "<empty>");
        ArrayNode controls = json.putArray("ControlAddresses");
        miner.controls().forEach(id -> controls.add(shapes.address(id)));
        json.put("WorkerChangeEpoch", -1);
        json.put("PeerId", miner.peerId().isEmpty() ? null : peerId(miner.peerId()));
        if (miner.multiaddrs().isEmpty()) {
            json.putNull("Multiaddrs");
        } else {
            ArrayNode multiaddrs = json.putArray("Multiaddrs");
            miner.multiaddrs().forEach(address -> multiaddrs.add(address.base64()));
        }
        json.put("WindowPoStProofType", miner.windowPostProof())
                .put("SectorSize", SealProofs.sectorSizeOfWindowPost(miner.windowPostProof()))
                .put("WindowPoStPartitionSectors", chain.rules().proving().partitionSectors()).put("ConsensusFaultElapsed", -1)
                .putNull("PendingOwnerAddress");
        json.put("Beneficiary", shapes.address(miner.owner()));
        json.set("BeneficiaryTerm", shapes.object().put("Quota", "0").put("UsedQuota", "0").put("Expiration", 0));
        return json.putNull("PendingBeneficiaryTerm");
    }

    /** Base58 without the multibase letter, as peer ids are written. */
    private static String peerId(Bytes bytes) {
        return Base58.encode(bytes.toArray());
    }

    private JsonNode power(Params params) {
        State state = reader.state(params, 1);
        long id = reader.miner(state, reader.address(params, 0));
        long[] own = {0};
        state.table(Tables.SECTORS).forEach((key, sector) ->
                own[0] += key.miner() == id && !sector.isFaulty() ? SealProofs.sectorSize(sector.sealProof()) : 0);
        ObjectNode json = shapes.object();
        json.set("MinerPower", claim(own[0]));
        json.set("TotalPower", claim(state.totals().rawPower()));
        return json.put("HasMinPower", own[0] > 0);
    }

    private ObjectNode claim(long bytes) {
        return shapes.object().put("RawBytePower", Long.toString(bytes)).put("QualityAdjPower", Long.toString(bytes));
    }

    private JsonNode chosenSectors(Params params) {
        if (params.isNull(1)) {
            return sectors(params, 2, (key, one) -> true);
        }
        BitField chosen = params.parsed(1, "bitfield", node -> {
            List<Long> runs = new ArrayList<>();
            node.forEach(run -> runs.add(LotusJson.integer(run)));
            return BitField.ofRuns(runs);
        });
        return sectors(params, 2, (key, one) -> chosen.contains(key.number()));
    }

    private JsonNode sectors(Params params, int tipset, BiPredicate<SectorKey, ProvenSector> filter) {
        ArrayNode list = shapes.array();
        each(params, tipset, (key, sector) -> {
            if (filter.test(key, sector)) {
                list.add(sector(key.number(), sector));
            }
        });
        return list;
    }

    private void each(Params params, int tipset, java.util.function.BiConsumer<SectorKey, ProvenSector> action) {
        State state = reader.state(params, tipset);
        long id = reader.miner(state, reader.address(params, 0));
        state.table(Tables.SECTORS).walkFrom(new SectorKey(id, 0), (key, sector) -> {
            if (key.miner() == id) {
                action.accept(key, sector);
            }
            return key.miner() == id;
        });
    }

    private JsonNode count(Params params) {
        long[] counts = new long[2];
        each(params, 1, (key, sector) -> counts[sector.isFaulty() ? 1 : 0]++);
        return shapes.object().put("Live", counts[0] + counts[1]).put("Active", counts[0]).put("Faulty", counts[1]);
    }

    private JsonNode faults(Params params) {
        List<Long> faulty = new ArrayList<>();
        each(params, 1, (key, sector) -> {
            if (sector.isFaulty()) {
                faulty.add(key.number());
            }
        });
        return bitfield(BitField.of(faulty));
    }

    private JsonNode bitfield(BitField field) {
        return shapes.of(field.runs());
    }

    private JsonNode preCommit(Params params) {
        State state = reader.state(params, 2);
        SectorKey key = new SectorKey(reader.miner(state, reader.address(params, 0)), params.integer(1, "sector"));
        PreCommit found = state.find(Tables.PRE_COMMITS, key).orElse(null);
        if (found == null) {
            return shapes.of(null);
        }
        ObjectNode json = shapes.object();
        json.set("Info", shapes.of(found.info()));
        return json.put("PreCommitDeposit", found.deposit().toAttoString()).put("PreCommitEpoch", found.epoch());
    }

    private @Nullable ProvenSector sector(Params params) {
        State state = reader.state(params, 2);
        return state.find(Tables.SECTORS,
                new SectorKey(reader.miner(state, reader.address(params, 0)), params.integer(1, "sector")))
                .orElse(null);
    }

    private ProvenSector required(Params params) {
        ProvenSector sector = sector(params);
        if (sector == null) {
            throw new RpcException("sector " + params.integer(1, "sector") + " not found");
        }
        return sector;
    }

    private JsonNode sector(long number, ProvenSector sector) {
        ObjectNode json = shapes.object().put("SectorNumber", number).put("SealProof", sector.sealProof());
        json.set("SealedCID", LotusJson.cid(sector.sealed()));
        json.put("Activation", sector.activation()).put("Expiration", sector.expiration())
                .put("DealWeight", sector.dealWeight().toString())
                .put("VerifiedDealWeight", sector.verifiedWeight().toString())
                .put("InitialPledge", sector.pledge().toAttoString()).put("ExpectedDayReward", "0")
                .put("ExpectedStoragePledge", "0").put("PowerBaseEpoch", sector.activation())
                .put("ReplacedDayReward", "0")
                .putNull("SectorKeyCID");
        return json.put("Flags", 1).put("DailyFee", "0");
    }
}
