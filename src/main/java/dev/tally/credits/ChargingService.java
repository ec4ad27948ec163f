package dev.tally.credits;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import dev.tally.credits.ChargeQueries.Refundable;
import dev.tally.platform.idempotency.IdempotencyService;

/** What is done to charges, many at a time, each batch as a whole or not at all. */
@ApplicationScoped
class ChargingService {
    private final ChargeQueries queries;
    private final IdempotencyService idempotency;
    private final LowBalanceThreshold lowBalance;
    private final CreditsConfig config;
    private final Clock clock;

    ChargingService(ChargeQueries queries, IdempotencyService idempotency, LowBalanceThreshold lowBalance,
            CreditsConfig config, Clock clock) {
        this.queries = queries;
        this.idempotency = idempotency;
        this.lowBalance = lowBalance;
        this.config = config;
        this.clock = clock;
    }

    /** Decides each by itself, in their order; one statement, and so one transaction. */
    @Transactional(TxType.NOT_SUPPORTED)
    public List<Charge.Decision> charge(List<Charge> charges) {
        Instant now = clock.instant();
        return queries.charge(charges, new ChargeQueries.Terms(now,
                now.plusSeconds(config.charging().leaseSeconds()), idempotency.expiry(now), lowBalance.credits()));
    }

    /** Says of each whether its charge still stood, so that its answer may go out; of those whose answers nobody keeps. */
    @Transactional(TxType.NOT_SUPPORTED)
    public List<Boolean> settle(List<Settlement> settlements) {
        Set<Long> settled = queries.settle(settlements);
        return settlements.stream().map(each -> settled.contains(each.usageId())).toList();
    }

    /** The same, and keeps the answers of these. */
    @Transactional
    public List<Boolean> settleAndKeep(List<Settlement> settlements) {
        Set<Long> settled = queries.settle(settlements);
        for (Settlement each : settlements) {
            if (settled.contains(each.usageId())) {
                each.kept().ifPresent(kept -> idempotency.finish(kept.ticket(), kept.answer()));
            }
        }
        return settlements.stream().map(each -> settled.contains(each.usageId())).toList();
    }

    /** Says of each charge whether it was given back now. */
    @Transactional(TxType.NOT_SUPPORTED)
    public List<Boolean> refund(List<Long> usageIds) {
        Set<Long> refunded = queries.refund(usageIds, Refundable.OPEN, clock.instant());
        return usageIds.stream().map(refunded::contains).toList();
    }

    /** Gives back those of which nobody holds the account now; gives how many were. */
    @Transactional(TxType.NOT_SUPPORTED)
    public int refundUnlocked(List<Long> usageIds) {
        return queries.refundUnlocked(usageIds, clock.instant()).size();
    }

    /** Gives charges back whose answers did not go out, settled or not; gives how many that were. */
    @Transactional(TxType.NOT_SUPPORTED)
    public int undo(List<Long> usageIds) {
        return queries.refund(usageIds, Refundable.OPEN_OR_ANSWERED, clock.instant()).size();
    }

    /** Charges that should have been settled by now. */
    @Transactional(TxType.NOT_SUPPORTED)
    public List<Long> overdue() {
        return queries.overdue(clock.instant(), config.charging().maxSweepRows());
    }

    /** What a user may spend; nothing when there is no such user. */
    @Transactional(TxType.SUPPORTS)
    public OptionalLong balance(long userId) {
        return queries.balance(userId);
    }
}
