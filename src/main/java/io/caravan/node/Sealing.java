package io.caravan.node;

import io.caravan.camel.SectorComponent;
import io.caravan.camel.StepGate;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.SealingRoomApi;
import io.caravan.node.api.SectorListApi;
import io.caravan.node.config.Settings;
import io.caravan.node.net.Finding;
import io.caravan.sealing.BatchConfig;
import io.caravan.sealing.EngineFit;
import io.caravan.sealing.JavaEngine;
import io.caravan.sealing.Placeable;
import io.caravan.sealing.PlaceholderEngine;
import io.caravan.sealing.ProvenWatch;
import io.caravan.sealing.Proving;
import io.caravan.sealing.SealProof;
import io.caravan.sealing.SealTokens;
import io.caravan.sealing.SealingBeans;
import io.caravan.sealing.SealingConfig;
import io.caravan.sealing.SealingDisk;
import io.caravan.sealing.SealingEngine;
import io.caravan.sealing.SealingProgress;
import io.caravan.sealing.SealingRoom;
import io.caravan.sealing.SealingTools;
import io.caravan.sealing.SectorFiles;
import io.caravan.sealing.SendConfig;
import io.caravan.sealing.Unsealing;
import io.caravan.sealing.VanillaWindows;
import io.caravan.store.DiskReservations;
import io.caravan.store.PostgresSectorBatches;
import io.caravan.store.SectorStore;
import io.caravan.store.SettingStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The miner's sealing: its engine and the beans of its steps, or the Lotus miner that seals in its place. */
final class Sealing {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    private static final String ENGINE = "sealing.engine";
    static final String JAVA = "java";
    static final String PLACEHOLDER = "placeholder";
    private static final String LOTUS = "lotus-miner";
    static final List<String> ENGINES = List.of(JAVA, PLACEHOLDER, LOTUS);
    private static final int MOST_IN_MESSAGE = 256;
    private static final String CODE = "SEAL-01";
    private static final String WHAT = "disk to seal on";

    private final RoleCore core;
    private final boolean isLotus;
    private final String name;
    private final StepGate gate;
    private final SealingRoom room;
    private final long sectorBytes;
    private final LongSupplier placeable;
    private final String notice;
    private final SealingProgress progress;
    private final Map<String, Object> beans;
    private final Unsealing unsealing;

    Sealing(RoleCore core, SectorStore sectors, FilAddress miner) {
        this.core = core;
        this.name = name(core.settings());
        this.progress = new SealingProgress(core.clock());
        this.isLotus = name.equals(LOTUS);
        SettingStore kept = new SettingStore(core.database().sql(), core.clock());
        Path folder = folder(core);
        new SectorFolder(kept).require(folder, core.settings());
        SectorFiles files = new SectorFiles(folder);
        SealingEngine engine = core.ground().engine(engine(files));
        if (!isLotus) {
            requireFit(engine, miner);
        }
        new EngineMemory(kept, sectors).use(name);
        this.unsealing = new Unsealing(sectors, isLotus ? null : engine);
        SealProof proof = SealProof.ofSectorSize(core.chain().minerInfo(miner).sectorSize());
        this.sectorBytes = engine.diskBytes(proof);
        this.room = room(files, engine, proof);
        this.placeable = isLotus ? () -> Long.MAX_VALUE
                : new Placeable(sectors, room.disk(), proof.sectorSize(), sectorBytes, core.clock());
        SealingTools tools = new SealingTools(core.chain(), sectors,
                new PostgresSectorBatches(core.database().sql(), core.messages(), core.clock()), core.messages(), core.lane(), core.watcher(), engine,
                core.live().of(Sealing::behaviour), core.clock(), room);
        this.gate = isLotus ? StepGate.OPEN : new SealGate(room.tokens(), step -> engine.need(step, proof));
        if (isLotus) {
            LotusSealing lotus = new LotusSealing(core, sectors, miner, tools.live());
            this.notice = lotus.notice();
            this.beans = lotus.beans(new ProvenWatch(miner, tools), new Proving(tools)); // they ask the chain, no engine
            LOG.info(notice);
        } else {
            engine.notice().ifPresent(LOG::warn);
            this.notice = engine.notice().orElse("real replicas");
            this.beans = Map.copyOf(SealingBeans.of(miner, tools, new VanillaWindows(files)));
        }
    }

    /** @throws io.caravan.node.config.ConfigException no sector of this engine would be worth anything here */
    private void requireFit(SealingEngine engine, FilAddress miner) {
        EngineFit.refusal(engine.capabilities(), core.chain().networkParams(),
                PaddedPieceSize.of(core.chain().minerInfo(miner).sectorSize())).ifPresent(reason -> {
                    throw core.settings().wrong(ENGINE, reason);
                });
    }

    /** Where the sectors are: the role's own folder, or the one that it shares with other nodes. */
    static Path folder(RoleCore core) {
        Settings settings = core.settings();
        if (settings.optional("sealing.folder").isEmpty()) {
            return core.subfolder("sectors");
        }
        Path shared = settings.parsed("sealing.folder", Path::of, "a folder such as /mnt/sectors");
        if (!shared.isAbsolute() || !Files.isDirectory(shared) || !Files.isWritable(shared)) {
            throw settings.wrong("sealing.folder", "must be a folder that is there and can be written, with its whole path");
        }
        return shared;
    }

    /** The machine's part for sealing; what a kill, or an earlier version, left without its disk gets it. */
    private SealingRoom room(SectorFiles files, SealingEngine engine, SealProof proof) {
        DiskReservations rows = new DiskReservations(core.database().sql(), core.clock());
        if (!isLotus) {
            rows.fill(sectorBytes);
        }
        return new SealingRoom(new SealTokens(core.live().of(now -> RoomSettings.sizes(now, engine, proof)), core.clock()),
                new SealingDisk(rows, files, () -> core.ground().freeBytes(files.root()), core.live().of(RoomSettings::disk)));
    }

    /** What sealing takes of the machine, for those who ask. */
    SealingRoomApi api(ApiJson json) {
        return new SealingRoomApi(json, room, sectorBytes);
    }

    /** The largest piece that would get a place in a sector now, in padded bytes. */
    LongSupplier placeable() {
        return placeable;
    }

    /** For health: whether one sector more could be sealed. */
    List<Finding> findings() {
        Optional<String> shortage = isLotus ? Optional.empty() : room.disk().shortage(sectorBytes);
        return List.of(shortage.map(reason -> new Finding(CODE, Finding.Level.WARN, WHAT, reason,
                "make room on that disk, or change sealing.disk or sealing.disk-reserve; deals wait until then"))
                .orElseGet(() -> new Finding(CODE, Finding.Level.OK, WHAT, "there is room for one sector more", null)));
    }

    /** Who lets steps begin on this node. */
    StepGate gate() {
        return gate;
    }

    private SealingEngine engine(SectorFiles files) {
        Settings settings = core.settings();
        if (!name(settings).equals(JAVA)) {
            return new PlaceholderEngine(files, progress);
        }
        // an engine keeps its threads; how many cores its steps share may change
        return core.opened(new JavaEngine(files, RoomSettings.threads(core.live().now()), progress));
    }

    /** The engine's name; a wrong one is refused. */
    private static String name(Settings settings) {
        String name = settings.text(ENGINE);
        if (!ENGINES.contains(name)) {
            throw settings.wrong(ENGINE, "must be " + JAVA + ", " + PLACEHOLDER + " or " + LOTUS);
        }
        return name;
    }

    /**
     * Whether the engine has no use for a route file: a Lotus miner takes the place of all steps but Proving.
     *
     * @param file folder and name, e.g. {@code sealing/8-lotus.camel.yaml}
     */
    boolean isLeftOut(String file) {
        if (!file.startsWith("sealing/") || file.startsWith("sealing/7-proving.")) {
            return false;
        }
        return file.startsWith("sealing/8-lotus.") != isLotus;
    }

    /** The component with the leases that {@code sealing.lease} and {@code sealing.heartbeat} ask for. */
    SectorComponent leased(SectorComponent component) {
        Settings settings = core.settings();
        return component.leases(settings.duration("sealing.lease"), settings.duration("sealing.heartbeat"));
    }

    /** What the engine says of itself, in one sentence. */
    String notice() {
        return notice;
    }

    /** The same for those who list sectors. */
    SectorListApi.Engine engine() {
        return new SectorListApi.Engine(name, notice, progress);
    }

    /** Gives pieces back out of sectors. */
    Unsealing unsealing() {
        return unsealing;
    }

    /** What the sealing routes call, by name. */
    Map<String, Object> beans() {
        return beans;
    }

    /** @throws io.caravan.node.config.ConfigException naming a setting that cannot be used */
    static SealingConfig config(Settings settings) {
        LotusSealing.check(settings, name(settings).equals(LOTUS));
        RoomSettings.check(settings);
        Duration lease = settings.duration("sealing.lease");
        Duration heartbeat = settings.duration("sealing.heartbeat");
        if (heartbeat.compareTo(Duration.ofMillis(100)) < 0 || heartbeat.multipliedBy(2).compareTo(lease) > 0) {
            throw settings.wrong("sealing.heartbeat", "must be at least 100ms and at most half of sealing.lease, " + lease.toMillis() + "ms");
        }
        return behaviour(settings);
    }

    private static SealingConfig behaviour(Settings settings) {
        return new SealingConfig(settings.duration("sealing.wait-deals.delay"), settings.integer("sealing.max-pieces", 1, 512),
                settings.integer("sealing.max-open", 1, 1000), settings.integer("sealing.max-sealing", 0, 100_000),
                settings.number("sealing.start-epoch-buffer", 0, 100_000),
                settings.number("sealing.message.confidence", 0, 900), settings.number("sealing.seed.confidence", 0, 900),
                settings.integer("sealing.max-tries", 1, 100),
                settings.duration("sealing.parked.limit"), sending(settings));
    }

    private static SendConfig sending(Settings settings) {
        TokenAmount cap = settings.amount("sealing.deposit.cap");
        if (cap.isNegative()) {
            throw settings.wrong("sealing.deposit.cap", "must not be negative; 0FIL is no cap");
        }
        return new SendConfig(
                new BatchConfig(settings.integer("sealing.precommit.batch", 1, MOST_IN_MESSAGE), settings.duration("sealing.precommit.wait"),
                        settings.number("sealing.precommit.slack", 0, 100_000)),
                new BatchConfig(settings.integer("sealing.commit.batch", 1, MOST_IN_MESSAGE), settings.duration("sealing.commit.wait"),
                        settings.number("sealing.commit.slack", 0, 100_000)), cap);
    }
}
