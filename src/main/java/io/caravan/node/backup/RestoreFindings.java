package io.caravan.node.backup;

import io.caravan.node.net.Finding;
import java.util.List;

/** For health: what a restore left for a person to do. */
public final class RestoreFindings {

    private static final String CODE = "RESTORE-01";
    private static final String WHAT = "what was sent after the backup";

    private final AfterRestore restored;

    public RestoreFindings(AfterRestore restored) {
        this.restored = restored;
    }

    /** Nothing where the node was not restored, or nothing was left. */
    public List<Finding> findings() {
        return restored.notes().stream().map(note -> new Finding(CODE, Finding.Level.WARN, WHAT, note,
                "see docs/operating.md, After a restore")).toList();
    }
}
