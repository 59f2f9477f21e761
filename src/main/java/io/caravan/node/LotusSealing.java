package io.caravan.node;

import io.caravan.chain.LotusMinerRpc;
import io.caravan.model.FilAddress;
import io.caravan.node.config.Live;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.rpc.RpcClient;
import io.caravan.sealing.LotusAsker;
import io.caravan.sealing.LotusConfig;
import io.caravan.sealing.LotusPieces;
import io.caravan.sealing.LotusSectors;
import io.caravan.sealing.LotusTools;
import io.caravan.sealing.ProvenWatch;
import io.caravan.sealing.Proving;
import io.caravan.sealing.SealingConfig;
import io.caravan.sealing.StagedPieces;
import io.caravan.store.AdoptedSectors;
import io.caravan.store.Deadlines;
import io.caravan.store.LotusPieceStore;
import io.caravan.store.SectorStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sealing by a Lotus miner: the way to it, the pieces served to it, and the beans of its routes. */
final class LotusSealing {

    private static final String URL = "sealing.lotus.url";
    private static final String PIECE_URL = "sealing.lotus.piece-url";
    private static final String TOKEN_FILE = "sealing.lotus.token-file";
    /** Its second figure is {@code sealing.lotus.timeout}. */
    private static final RpcClient.Limits LIMITS = new RpcClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), 16 << 20);
    private static final int MAX_TOKEN = 8192;
    private static final int MOST_ASKS = 256;

    private final LotusTools tools;
    private final LotusAsker asker;
    private final URI url;

    LotusSealing(RoleCore core, SectorStore sectors, FilAddress miner, Supplier<SealingConfig> config) {
        LiveSettings live = core.live();
        Settings settings = live.atStart();
        AdoptedSectors adopted = new AdoptedSectors(core.database().sql(), core.clock(), Deadlines.usual());
        this.url = URI.create(settings.text(URL));
        Live<LotusConfig> lotus = live.of(LotusSealing::config);
        Live<Optional<String>> ours = live.of(now -> now.optional(PIECE_URL));
        RpcClient client = core.opened(new RpcClient(url, token(settings),
                LIMITS, live.of(now -> now.duration("sealing.lotus.timeout"))));
        LotusPieceStore pieces = new LotusPieceStore(core.database().sql(), core.clock(), core.node());
        pieces.reclaim();
        this.tools = new LotusTools(miner, new LotusMinerRpc(client, () -> lotus.get().addTimeout()), core.chain(), sectors, adopted,
                pieces, core.deals(), config, lotus, core.clock());
        var workers = core.opened(core.timeline().workers("lotus-asks", MOST_ASKS, MOST_ASKS));
        this.asker = new LotusAsker(tools, token -> base(core, ours.get()).map(base -> URI.create(base + PiecePage.PREFIX + token)),
                workers, core.backoff());
        core.rpc().serve(PiecePage.PREFIX, new PiecePage(new StagedPieces(pieces)));
    }

    String notice() {
        return "the Lotus miner at " + url.getScheme() + "://" + url.getAuthority()
                + " seals: it numbers and proves the sectors and sends their messages";
    }

    Map<String, Object> beans(ProvenWatch watch, Proving proving) {
        return Map.of("lotusPieces", new LotusPieces(tools, asker), "lotusSectors", new LotusSectors(tools),
                "provenWatch", watch, "proving", proving);
    }

    /** Every setting of a Lotus miner, read once; where one is to be used, what it needs has to be there. */
    static void check(Settings settings, boolean isUsed) {
        config(settings);
        settings.duration("sealing.lotus.timeout");
        for (String key : new String[] {URL, PIECE_URL}) {
            if (settings.optional(key).isPresent()) {
                settings.parsed(key, LotusSealing::url, "an address such as http://127.0.0.1:2345/rpc/v0");
            }
        }
        if (isUsed) {
            settings.text(URL);
            token(settings);
        }
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
            throw new IllegalArgumentException(text);
        }
        return url;
    }

    private static LotusConfig config(Settings settings) {
        Duration timeout = settings.duration("sealing.lotus.add-timeout");
        if (timeout.isZero()) {
            throw settings.wrong("sealing.lotus.add-timeout", "must be more than nothing");
        }
        return new LotusConfig(timeout, settings.duration("sealing.lotus.settle"),
                settings.integer("sealing.lotus.max-asks", 1, MOST_ASKS));
    }

    private static Optional<String> base(RoleCore core, Optional<String> given) {
        return given.map(text -> text.replaceAll("/+$", ""))
                .or(() -> core.rpc().address().map(URI::toString));
    }

    private static @Nullable String token(Settings settings) {
        Optional<String> token = settings.optional("sealing.lotus.token");
        if (token.isPresent() || settings.optional(TOKEN_FILE).isEmpty()) {
            return token.orElse(null);
        }
        Path file = settings.path(TOKEN_FILE);
        try {
            if (Files.size(file) > MAX_TOKEN) {
                throw settings.wrong(TOKEN_FILE, "is too long to hold a token");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw settings.wrong(TOKEN_FILE, "cannot be read: " + e.getMessage());
        }
    }
}
