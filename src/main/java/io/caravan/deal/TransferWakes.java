package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Wakes a provider's deal when something has become of its transfer, so that thousands that wait for their clients cost
 * nothing meanwhile. A deal that is being looked at just then may have read the row before: it is woken once more a moment
 * later. What is missed all the same, the deal's own look finds ({@link TransferWatcher#QUIET}).
 */
public final class TransferWakes {

    private static final Duration AGAIN = Duration.ofSeconds(2);
    /** Where a deal looks at its transfer; later it has nothing to see there. */
    private static final Set<DealState> WATCHING = EnumSet.of(DealState.WAITING_FOR_DATA, DealState.TRANSFERRING,
            DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
    private static final int MOST_REMEMBERED = 10_000;

    private record News(ChannelId channel, TransferStatus status, @Nullable String error) {}

    private final DealStore deals;
    private final BiConsumer<Duration, Runnable> later;
    /** What each transfer was like when it was told of last; guarded by itself. */
    private final Map<Cid, News> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Cid, News> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param later runs short work after so long, on a thread of its own */
    public TransferWakes(DealStore deals, BiConsumer<Duration, Runnable> later) {
        this.deals = deals;
        this.later = later;
    }

    /** The transfer is saved as it is now; progress alone wakes nobody. */
    public void saved(Transfer transfer) {
        if (transfer.role() != Role.PROVIDER || !isNews(transfer)) {
            return;
        }
        Runnable wake = () -> deals.wakeIn(WATCHING, transfer.proposalCid(), Role.PROVIDER);
        later.accept(Duration.ZERO, wake);
        later.accept(AGAIN, wake);
    }

    private boolean isNews(Transfer transfer) {
        News now = new News(transfer.channel(), transfer.status(), transfer.error());
        synchronized (last) {
            return !now.equals(last.put(transfer.proposalCid(), now));
        }
    }
}
