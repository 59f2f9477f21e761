package io.caravan.node;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.ChangeMultiaddrsParams;
import io.caravan.chain.ChangePeerIdParams;
import io.caravan.chain.CreateMinerParams;
import io.caravan.chain.Landing;
import io.caravan.chain.Methods;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.crypto.KeyType;
import io.caravan.libp2p.Multiaddr;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.node.config.Settings;
import io.caravan.store.MessageIntent;
import io.caravan.store.SettingStore;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our miner actor: which one it is, and on our own devnet that there is one. */
final class MinerOnChain {

    private static final Logger LOG = LoggerFactory.getLogger(MinerOnChain.class);
    private static final String SETTING = "miner.address";
    /** Registered window proofs, whose type fixes the sector size (chain-and-rpc §4.4). */
    private static final Map<Long, Long> WINDOW_PROOFS = Map.of(2L << 10, 10L, 8L << 20, 11L, 512L << 20, 12L, 32L << 30, 13L, 64L << 30, 14L);

    private final RoleCore core;
    private final SettingStore kept;
    private final ChainWait wait;

    MinerOnChain(RoleCore core, SettingStore kept) {
        this.core = core;
        this.kept = kept;
        this.wait = new ChainWait(core.chain(), core.timeline());
    }

    /** Our miner's ID address: the configured one, the one of an earlier start, or on our own devnet a new one. */
    FilAddress address() {
        Settings settings = core.settings();
        if (settings.optional("miner.address").isPresent()) {
            FilAddress given = settings.parsed("miner.address", FilAddress::parse, "an address such as f01000");
            return core.chain().lookupId(given).orElseThrow(() ->
                    settings.wrong("miner.address", "is not an actor that the chain knows"));
        }
        return kept.find(SETTING).map(FilAddress::parse).orElseGet(this::create);
    }

    private FilAddress create() {
        if (!core.link().isHomeDevnet()) {
            throw core.settings().wrong("miner.address", "is not set: name the miner actor that this miner serves, such as f01000");
        }
        FilAddress owner = core.wallet().defaultAddress().orElseGet(() -> core.wallet().generate(KeyType.SECP256K1));
        Faucet.fill(core, owner);
        long sectorSize = core.settings().bytes("miner.sector-size");
        Long proof = WINDOW_PROOFS.get(sectorSize);
        if (proof == null) {
            throw core.settings().wrong("miner.sector-size", "must be 2KiB, 8MiB, 512MiB, 32GiB or 64GiB");
        }
        Bytes params = Bytes.wrap(new CreateMinerParams(owner, owner, proof, peerBytes(), addresses()).toCbor());
        var cid = core.lane().send(new MessageIntent("create-miner", owner, Methods.POWER, Methods.POWER_CREATE_MINER,
                TokenAmount.ZERO, params, "create our miner actor"));
        Landing.Landed landed = wait.landed(core.watcher(), cid, "the message that creates our miner, " + cid);
        if (!landed.isOk()) {
            throw new StartException("the chain refused to create a miner: exit code " + landed.receipt().exitCode());
        }
        CborReader in = new CborReader(landed.receipt().returned().toArray());
        in.tuple(2);
        FilAddress miner = FilAddress.readFrom(in);
        kept.put(SETTING, miner.toString());
        LOG.info("created miner {} with owner {} and sectors of {} bytes", miner, owner, sectorSize);
        return miner;
    }

    private Bytes peerBytes() {
        return Bytes.wrap(core.host().peerId().toBytes());
    }

    private List<Bytes> addresses() {
        return core.host().announcedAddresses().stream().map(Multiaddr::toBytes).map(Bytes::wrap).toList();
    }
}
