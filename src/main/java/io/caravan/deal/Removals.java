package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.model.Role;
import io.caravan.store.FileAudit;
import io.caravan.store.FileAudit.Kind;
import io.caravan.store.Litter;
import io.caravan.store.TransferStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what deals leave behind, each thing written down before it goes and after it went ({@link FileAudit}). What is
 * gone already is fine; what cannot be removed is logged, written down and left to the {@link Janitor}.
 */
public final class Removals {

    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

    private final FileAudit audit;
    private final TransferStore transfers;
    private final Litter litter;
    private final Role role;

    /** @param role whose deals and transfers these are */
    public Removals(FileAudit audit, TransferStore transfers, Litter litter, Role role) {
        this.audit = audit;
        this.transfers = transfers;
        this.litter = litter;
        this.role = role;
    }

    /** Deletes a file; null, or a file that is not there and was not about to be deleted, is nothing to do. */
    void file(@Nullable Cid deal, Kind kind, @Nullable String path, String why) {
        if (path == null) {
            return;
        }
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            audit.done(kind, path, "gone"); // a kill came between deleting it and writing that down
            return;
        }
        audit.plan(deal, kind, path, size(file), why);
        try {
            Files.deleteIfExists(file);
            audit.done(kind, path, "deleted");
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", path, e.toString());
            audit.done(kind, path, "cannot be deleted: " + e);
        }
    }

    /** Forgets a deal's transfers. */
    void transfers(Cid deal, String why) {
        long count = transfers.count(role, deal);
        String subject = "transfers of " + deal;
        if (count > 0) {
            audit.plan(deal, Kind.TRANSFER_ROW, subject, 0, why);
        }
        row(Kind.TRANSFER_ROW, subject, () -> transfers.forget(role, deal));
    }

    /** Removes a deal's place in the publish queue. */
    void publishEntry(Cid deal, String why) {
        String subject = "publish queue entry of " + deal;
        if (litter.hasPlace(deal)) {
            audit.plan(deal, Kind.PUBLISH_ENTRY, subject, 0, why);
        }
        row(Kind.PUBLISH_ENTRY, subject, () -> litter.forgetPlace(deal));
    }

    private void row(Kind kind, String subject, Runnable removal) {
        removal.run();
        audit.done(kind, subject, "removed");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // gone meanwhile
        }
    }
}
