package dev.tally.credits;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.metering.Meter;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Charge, work, settle; and whatever goes wrong in between ends in a refund. */
@ApplicationScoped
class MeteredAnswers implements Meter {
    private static final Logger LOG = Logger.getLogger(MeteredAnswers.class);
    /** A key may be given back between the charge that it refused and the look at it; hardly more than once. */
    private static final int MAX_TRIES = 5;

    private final Charger charger;
    private final ChargingService service;
    private final Voids voids;
    private final IdempotencyService idempotency;
    private final HeldBytes heldBytes;
    private final CreditsConfig config;

    MeteredAnswers(Charger charger, ChargingService service, Voids voids, IdempotencyService idempotency,
            HeldBytes heldBytes, CreditsConfig config) {
        this.charger = charger;
        this.service = service;
        this.voids = voids;
        this.idempotency = idempotency;
        this.heldBytes = heldBytes;
        this.config = config;
    }

    /** A charge that stands, until it is settled or given back. */
    private record Paid(long userId, long usageId, Optional<Ticket> ticket) {}

    /** An answer that is there, and counted for as long as it waits. */
    private record Made(Delivery delivery, HeldBytes.Hold hold) {}

    @Override
    public Result answer(Order order, Work work) throws InterruptedException {
        heldBytes.requireRoom();
        Charge charge = new Charge(order.userId(), order.credits(), order.endpoint(), order.queryParams(), order.key()
                .map(key -> new Charge.Key(idempotency.ticket("user:" + order.userId(), key.value()),
                        key.requestFingerprint())));
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Charge.Decision decision = charger.charge(charge);
            switch (decision.outcome()) {
                case CHARGED -> {
                    return worked(new Paid(order.userId(), decision.usageId(), charge.key().map(Charge.Key::ticket)),
                            work);
                }
                case INSUFFICIENT, NO_ACCOUNT -> throw insufficient(order.credits(), decision.available());
                case KEY_TAKEN -> {
                    Optional<StoredAnswer> earlier = charge.key()
                            .flatMap(key -> idempotency.earlierAnswer(key.ticket(), key.requestFingerprint()));
                    if (earlier.isPresent()) {
                        return new Result(earlier.get(), true);
                    }
                }
            }
        }
        throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_IN_USE,
                "Other requests with this Idempotency-Key come and go. Send it again later.");
    }

    @Override
    public long available(long userId) {
        return service.balance(userId).orElse(0);
    }

    private static ProblemException insufficient(long required, long available) {
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("error", ProblemCode.CREDITS_INSUFFICIENT.title());
        extensions.put("required", required);
        extensions.put("available", available);
        return new ProblemException(ProblemCode.CREDITS_INSUFFICIENT, "This costs " + required
                + " credits, and there are " + available + ". Ask for less, or have credits added.", extensions, null);
    }

    private Result worked(Paid paid, Work work) throws InterruptedException {
        Made made;
        try {
            made = made(paid, work);
        } catch (Throwable fault) {
            giveBack(paid, fault);
            throw fault;
        }
        Delivery delivery = made.delivery();
        if (!settled(paid, made)) {
            throw new ProblemException(ProblemCode.CHARGE_EXPIRED,
                    "The answer took too long, and what it cost was given back. Ask again.");
        }
        return new Result(delivery.answer(), false);
    }

    private Made made(Paid paid, Work work) throws InterruptedException {
        Delivery delivery = work.run();
        if (paid.ticket().isPresent() && !idempotency.isKept(delivery.answer())) {
            throw new ProblemException(ProblemCode.ANSWER_TOO_LARGE,
                    "The answer is larger than one that is kept for an Idempotency-Key. Ask for fewer records.");
        }
        return new Made(delivery, heldBytes.hold(delivery.answer().sizeBytes()));
    }

    private boolean settled(Paid paid, Made made) throws InterruptedException {
        Delivery delivery = made.delivery();
        HeldBytes.Hold hold = made.hold();
        try {
            return charger.settle(paid.userId(), new Settlement(paid.usageId(), delivery.records(),
                    delivery.responseMillis(),
                    paid.ticket().map(ticket -> new Settlement.Kept(ticket, delivery.answer(), hold.shared()))));
        } catch (Throwable fault) {
            // Nobody knows whether it is settled. If it is, whoever has the key gets the answer with it; without a key
            // nobody ever gets it.
            if (paid.ticket().isPresent()) {
                giveBack(paid, fault);
            } else {
                voids.add(paid.usageId());
            }
            throw fault;
        } finally {
            hold.close();
        }
    }

    /** Best before the client hears of the fault; if not, then soon, as for a process that has died. */
    private void giveBack(Paid paid, Throwable fault) {
        try {
            boolean unused = charger.refund(paid.userId(), paid.usageId())
                    .get(config.charging().maxWaitMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            fault.addSuppressed(e);
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            fault.addSuppressed(e);
            LOG.warnf(e, "The charge of usage %d is not given back yet; that is tried again when it is due",
                    paid.usageId());
        }
    }
}
