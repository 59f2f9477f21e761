package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.model.Epoch;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorMove;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.SectorBatches.Member;
import io.caravan.store.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets sectors that are ready wait for each other, and writes down which of them go into one message (spec sealing 5.3):
 * when there are as many as one message takes, when the first has waited long enough, or when its time gets short. A
 * sector that a message failed for goes alone from then on, so that one bad sector holds up the others once.
 *
 * @param <P> what one sector adds to the parameters
 */
final class SectorBatcher<P> {

    private static final Logger LOG = LoggerFactory.getLogger(SectorBatcher.class);
    /** A signed message may have 64 KiB; some of that is the envelope's. */
    private static final long MOST_BYTES = 60 << 10;
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final SealingTools tools;
    private final SectorMessages messages;
    private final SharedStep<P> step;

    private record Chosen<P>(Sector sector, P part) {}

    SectorBatcher(SealingTools tools, SectorMessages messages, SharedStep<P> step) {
        this.tools = tools;
        this.messages = messages;
        this.step = step;
    }

    /** Sends the sector's message with others or alone, as it turns out, or lets it wait for company. */
    Sector send(Sector sector, BiFunction<Sector, StoredMessage, Sector> together, UnaryOperator<Sector> alone) {
        if (messages.batch(sector, step.name()).isEmpty()) {
            Optional<Sector> waiting = waiting(sector);
            if (waiting.isPresent()) {
                return waiting.get();
            }
        }
        return messages.batch(sector, step.name()).map(batch -> together.apply(sector, batch)).orElseGet(() -> alone.apply(sector));
    }

    /**
     * Brings the sector into a message with others, or lets it wait for them.
     *
     * @return the sector as it waits; empty when it waits no more: it is in a batch now, or goes alone
     */
    private Optional<Sector> waiting(Sector sector) {
        BatchConfig config = step.config();
        if (config.isAlone() || isLoner(sector)) {
            return Optional.empty();
        }
        List<Sector> ready = tools.batches().ready(step.state(), config.most()).stream()
                .filter(other -> !other.number().equals(sector.number()) && other.miner().equals(sector.miner())).toList();
        Instant now = tools.clock().instant();
        Instant until = until(sector, now);
        long bytes = step.bytes(sector) + ready.stream().mapToLong(step::bytes).sum();
        boolean isFull = ready.size() + 1 >= config.most() || bytes >= MOST_BYTES;
        if (!isFull && now.isBefore(until)) {
            return Optional.of(patient(sector, ready.size() + 1, now, until));
        }
        List<Chosen<P>> chosen = chosen(sector, ready);
        boolean isShort = isFull && chosen.size() < config.most() && bytes < MOST_BYTES;
        if (isShort && now.isBefore(until)) { // some of them go another way
            return Optional.of(patient(sector, chosen.size(), now, until));
        }
        return written(takeable(chosen)) ? Optional.empty()
                : Optional.of(sector.withRunAfter(now.plusSeconds(1))); // one of them moved meanwhile
    }

    private Sector patient(Sector sector, int many, Instant now, Instant until) {
        Instant look = now.plus(LOOK);
        return sector.waitingFor(WaitsOn.TIME, "company for its " + step.name() + " message, " + many + " of " + step.config().most()
                + " sectors", now, until).withRunAfter(look.isBefore(until) ? look : until);
    }

    /** When the sector has waited long enough, or its time gets short. */
    private Instant until(Sector sector, Instant now) {
        Instant since = sector.waiting().since();
        Instant patient = (since == null ? now : since).plus(step.config().patience());
        long left = step.cutOff(sector).value() - step.config().slack() - tools.chain().head().epoch().value();
        Instant last = left <= 0 ? now : now.plus(tools.chain().networkParams().blockDelay().multipliedBy(left));
        return patient.isBefore(last) ? patient : last;
    }

    /** A sector that failed in company, or whose own message is written already. */
    private boolean isLoner(Sector sector) {
        return messages.isWritten(sector, step.name()) || tools.sectors().events(sector.number()).stream()
                .map(SectorMove::event).anyMatch(step.failure()::equals);
    }

    private List<Chosen<P>> chosen(Sector first, List<Sector> others) {
        Epoch head = tools.chain().head().epoch();
        List<Chosen<P>> chosen = new ArrayList<>();
        step.part(first, head).ifPresent(part -> chosen.add(new Chosen<>(first, part)));
        long bytes = step.bytes(first);
        for (Sector other : chosen.isEmpty() ? List.<Sector>of() : others) {
            bytes += step.bytes(other);
            if (chosen.size() >= step.config().most() || bytes > MOST_BYTES) {
                break;
            }
            if (!isLoner(other) && messages.batch(other, step.name()).isEmpty()) {
                part(other, head).ifPresent(part -> chosen.add(new Chosen<>(other, part)));
            }
        }
        return chosen;
    }

    /** What another sector would bring; one that cannot say it now does not keep the others from going. */
    private Optional<P> part(Sector other, Epoch head) {
        try {
            return step.part(other, head);
        } catch (RetryableException | IllegalStateException e) {
            LOG.warn("{} goes without sector {}: {}", step.name(), other.number(), e.getMessage());
            return Optional.empty();
        }
    }

    /** As many of them as the chain would take together now, the first among them; one alone is no batch. */
    private List<Chosen<P>> takeable(List<Chosen<P>> chosen) {
        List<Chosen<P>> left = chosen;
        while (left.size() > 1 && !isTakeable(left)) {
            List<Chosen<P>> good = left.stream().filter(one -> isTakeable(List.of(one))).toList();
            if (good.isEmpty() || good.get(0) != left.get(0)) {
                return List.of();
            }
            left = good.size() < left.size() ? good : good.subList(0, good.size() / 2);
        }
        return left;
    }

    private boolean isTakeable(List<Chosen<P>> chosen) {
        try {
            messages.requirePriced(order(chosen));
            return true;
        } catch (ChainRefusedException e) {
            LOG.debug("the chain would refuse a {} of {} sectors: {}", step.name(), chosen.size(), e.getMessage());
            return false;
        } catch (RetryableException e) {
            if (e.waitsOn() != WaitsOn.MONEY) {
                throw e;
            }
            LOG.debug("there is no money for a {} of {} sectors: {}", step.name(), chosen.size(), e.getMessage());
            return false;
        }
    }

    private boolean written(List<Chosen<P>> chosen) {
        if (chosen.size() < 2) {
            return true;
        }
        List<Member> members = chosen.stream().map(one -> new Member(one.sector(), messages.key(one.sector(), step.name()))).toList();
        boolean isWritten = tools.batches().write(messages.intent(order(chosen)), members);
        if (isWritten) {
            LOG.info("sectors {} share one {} message", chosen.stream().map(one -> one.sector().number()).toList(), step.name());
        }
        return isWritten;
    }

    private SectorMessages.Order order(List<Chosen<P>> chosen) {
        TokenAmount value = chosen.stream().map(one -> step.value(one.part())).reduce(TokenAmount.ZERO, TokenAmount::plus);
        return new SectorMessages.Order(chosen.get(0).sector(), step.name(), step.method(), value,
                step.params(chosen.stream().map(Chosen::part).toList()), chosen.size());
    }
}
