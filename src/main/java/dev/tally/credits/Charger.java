package dev.tally.credits;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.credits.CreditsMetrics.Refund;

/** Charges, settles and refunds, for all requests of this process together: many by one transaction. */
@ApplicationScoped
class Charger {
    private final GroupCommit<Charge, Charge.Decision> charges;
    private final GroupCommit<Settlement, Boolean> settlements;
    private final GroupCommit<Long, Boolean> refunds;
    private final ChargingService service;
    private final CreditsMetrics metrics;

    Charger(ChargingService service, CreditsMetrics metrics, CreditsConfig config) {
        this.service = service;
        this.metrics = metrics;
        GroupCommit.Bounds bounds = GroupCommit.Bounds.of(config.charging());
        charges = new GroupCommit<>("credits-charge", bounds, this::decide, this::forget);
        // One that went through, with nobody to send the answer: whoever asked for it has it undone.
        settlements = new GroupCommit<>("credits-settle", bounds, this::settle, (settlement, held) -> {},
                settlement -> settlement.kept().ifPresent(kept -> kept.hold().close()));
        refunds = new GroupCommit<>("credits-refund", bounds, this::giveBack, (usageId, refunded) -> {});
    }

    /**
     * Takes credits, if there are enough. All charges of a user are decided in the order in which they come here.
     *
     * @throws dev.tally.platform.problem.ProblemException {@code OVERLOADED}: not charged, or given back at once
     * @throws dev.tally.platform.problem.DatabaseException when nobody knows whether it was charged; if it was, it is given
     *         back in time
     */
    Charge.Decision charge(Charge charge) throws InterruptedException {
        return charges.ask(charge.userId(), charge);
    }

    /** Says whether the charge still stood; then it is final, and its answer goes out. */
    boolean settle(long userId, Settlement settlement) throws InterruptedException {
        boolean held = settlements.ask(userId, settlement);
        metrics.settled(held);
        return held;
    }

    /** Gives back what was not settled, whether or not anybody waits for it. */
    CompletableFuture<Boolean> refund(long userId, long usageId) {
        return refunds.submit(userId, usageId);
    }

    private List<Charge.Decision> decide(List<Charge> asked) {
        List<Charge.Decision> decisions = service.charge(asked);
        metrics.decided(decisions);
        return decisions;
    }

    /** A transaction of several statements takes twice as long as one of one. */
    private List<Boolean> settle(List<Settlement> settlements) {
        return settlements.stream().allMatch(each -> each.kept().isEmpty())
                ? service.settle(settlements)
                : service.settleAndKeep(settlements);
    }

    private List<Boolean> giveBack(List<Long> usageIds) {
        List<Boolean> refunded = service.refund(usageIds);
        metrics.refunded(Refund.FAILED, (int) refunded.stream().filter(Boolean::booleanValue).count());
        return refunded;
    }

    /** Whoever asked for it has gone. */
    private void forget(Charge charge, Charge.Decision decision) {
        if (decision.outcome() == Charge.Outcome.CHARGED) {
            CompletableFuture<Boolean> unused = refund(charge.userId(), decision.usageId());
        }
    }
}
