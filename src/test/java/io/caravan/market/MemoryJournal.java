package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** A journal that outlives its sessions, and lets a test wait for what is written into it. */
final class MemoryJournal implements TransferJournal {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private record Key(Role role, ChannelId channel) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition saved = lock.newCondition();
    private final Map<Key, Transfer> rows = new LinkedHashMap<>();
    private final List<Transfer> history = new ArrayList<>();

    @Override
    public void save(Transfer transfer) {
        lock.lock();
        try {
            Key key = new Key(transfer.role(), transfer.channel());
            Transfer before = rows.put(key, transfer);
            assertThat(before == null || !before.status().isEnd()).as("%s after %s", transfer, before).isTrue();
            history.add(transfer);
            saved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Transfer> find(Role role, ChannelId channel) {
        lock.lock();
        try {
            return Optional.ofNullable(rows.get(new Key(role, channel)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Transfer> findByProposal(Role role, Cid proposalCid) {
        lock.lock();
        try {
            return rows.values().stream().filter(row -> row.role() == role && row.proposalCid().equals(proposalCid))
                    .reduce((first, second) -> second);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Transfer> live(Role role) {
        lock.lock();
        try {
            return rows.values().stream().filter(row -> row.role() == role && !row.status().isEnd()).toList();
        } finally {
            lock.unlock();
        }
    }

    /** What was saved for that side, in order. */
    List<Transfer> history(Role role) {
        lock.lock();
        try {
            return history.stream().filter(row -> row.role() == role).toList();
        } finally {
            lock.unlock();
        }
    }

    Transfer await(Role role, TransferStatus status) {
        return await(role, transfer -> transfer.status() == status);
    }

    /** The present row that satisfies, within a bound; else the test fails with what is there. */
    Transfer await(Role role, Predicate<Transfer> wanted) {
        return await(role, wanted, LONGEST_WAIT);
    }

    Transfer await(Role role, Predicate<Transfer> wanted, Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (true) {
                Optional<Transfer> found = rows.values().stream().filter(row -> row.role() == role).filter(wanted)
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                assertThat(left).as("still waiting; the journal has %s", rows.values()).isPositive();
                left = saved.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }
}
