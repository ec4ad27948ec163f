package dev.tally.platform.idempotency;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;

/**
 * What a client that sends a request again with the same {@code Idempotency-Key} gets: the answer it got already, or the
 * request's turn. Who gets the turn has to end it by {@link #finish} or {@link #release}; if it dies, the turn is the
 * next one's after {@link IdempotencyConfig#lockSeconds}.
 */
@ApplicationScoped
public class IdempotencyService {
    private static final int MAX_KEY_CHARACTERS = 255;
    /** Between the two statements of a claim the key may be given back; hardly more than once. */
    private static final int MAX_TRIES = 5;

    private final IdempotencyQueries queries;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final IdempotencyConfig config;
    private final AnswerSeal seal = new AnswerSeal();

    IdempotencyService(IdempotencyQueries queries, Clock clock, MeterRegistry metrics, IdempotencyConfig config) {
        this.queries = queries;
        this.clock = clock;
        this.metrics = metrics;
        this.config = config;
    }

    /** Whether a request is to be done. */
    public sealed interface Claim {
        /**
         * It is, with this ticket.
         *
         * @param subject what an earlier attempt that did not come to its end has made already
         */
        record First(Ticket ticket, Optional<String> subject) implements Claim {}

        /** It was done: this is its answer. */
        record Replay(StoredAnswer answer) implements Claim {}
    }

    /** The turn of one attempt. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares tickets, and the array stays within this package.
    public record Ticket(String caller, byte[] keySha256, UUID token) {
        /** Without what is derived from the key. */
        @Override
        public String toString() {
            return "Ticket[token=" + token + "]";
        }
    }

    /**
     * Takes a request's turn. It is taken at once, whatever becomes of a transaction of the caller.
     *
     * @param caller who sends the key; another caller's same key is another
     * @param key the header's value
     * @param requestFingerprint of {@link RequestFingerprint}
     * @throws ProblemException {@code IDEMPOTENCY_KEY_INVALID}; {@code IDEMPOTENCY_KEY_REUSED} for the same key with another
     *         request; {@code IDEMPOTENCY_KEY_IN_USE} while an earlier request with the key is running
     */
    @Transactional(TxType.NOT_SUPPORTED)
    public Claim claim(String caller, String key, byte[] requestFingerprint) {
        Ticket ticket = new Ticket(caller, hash(key), UUID.randomUUID());
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Instant now = clock.instant();
            Optional<IdempotencyQueries.Claimed> claimed = queries.claim(ticket, requestFingerprint, now, lock(now),
                    expiry(now));
            if (claimed.isPresent()) {
                count("first");
                return new Claim.First(ticket, claimed.get().subject());
            }
            Optional<IdempotencyQueries.Known> known = queries.find(ticket, requestFingerprint);
            if (known.isPresent()) {
                return new Claim.Replay(answerOf(known.get(), ticket, key));
            }
        }
        throw inUse();
    }

    /**
     * The turn of an attempt that is claimed elsewhere, in one statement with what it does.
     *
     * @throws ProblemException {@code IDEMPOTENCY_KEY_INVALID}
     */
    public Ticket ticket(String caller, String key) {
        return new Ticket(caller, hash(key), UUID.randomUUID());
    }

    /**
     * The answer to the attempt that had the key before this one; not one that holds a secret.
     *
     * @return empty when nobody has the key any more: then it may be claimed again
     * @throws ProblemException {@code IDEMPOTENCY_KEY_REUSED}, {@code IDEMPOTENCY_KEY_IN_USE} as {@link #claim}
     */
    @Transactional(TxType.SUPPORTS)
    public Optional<StoredAnswer> earlierAnswer(Ticket ticket, byte[] requestFingerprint) {
        return queries.find(ticket, requestFingerprint).map(known -> keptOf(known).answer());
    }

    /** Whether {@link #finish} can keep it. */
    public boolean isKept(StoredAnswer answer) {
        return answer.sizeBytes() <= config.maxAnswerBytes();
    }

    /** Until when a key is known that is claimed, or answered, now. */
    public Instant expiry(Instant now) {
        return now.plus(Duration.ofHours(config.keepHours()));
    }

    private IdempotencyQueries.Kept keptOf(IdempotencyQueries.Known known) {
        if (!known.sameRequest()) {
            count("reused");
            throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "The Idempotency-Key was sent before with another request. Use a new key for a new request.");
        }
        count(known.kept().isPresent() ? "replayed" : "in_use");
        return known.kept().orElseThrow(IdempotencyService::inUse);
    }

    private void count(String outcome) {
        metrics.counter("tally.idempotency.requests", "outcome", outcome).increment();
    }

    private StoredAnswer answerOf(IdempotencyQueries.Known known, Ticket ticket, String key) {
        IdempotencyQueries.Kept kept = keptOf(known);
        if (!kept.sealed()) {
            return kept.answer();
        }
        try {
            return seal.open(ticket, key, kept.answer().status(), kept.answer().body());
        } catch (AnswerSeal.BrokenException e) {
            throw new ProblemException(ProblemCode.INTERNAL_ERROR,
                    "The answer that was kept for this Idempotency-Key cannot be read. Use a new key.", e);
        }
    }

    /**
     * Keeps what the request has made, in the transaction of the caller if there is one: from then on the next attempt
     * finds it when this one dies.
     *
     * @throws ProblemException {@code IDEMPOTENCY_KEY_IN_USE} when this attempt counted as dead and another has the turn
     */
    @Transactional(TxType.SUPPORTS)
    public void bind(Ticket ticket, String subject) {
        require(queries.bind(ticket, subject));
    }

    /**
     * Keeps the turn, while something takes long; not within the transaction in which {@link #bind} was called.
     *
     * @throws ProblemException {@code IDEMPOTENCY_KEY_IN_USE} as above
     */
    @Transactional(TxType.NOT_SUPPORTED)
    public void renew(Ticket ticket) {
        require(queries.renew(ticket, lock(clock.instant())));
    }

    /**
     * Keeps the answer, in the transaction of the caller if there is one: from then on it is replayed. An answer that is
     * too large is not kept; the next attempt then gets the turn and what was bound.
     *
     * @throws ProblemException {@code IDEMPOTENCY_KEY_IN_USE} as above
     * @throws IllegalArgumentException when the answer is too large and nothing was bound by which it can be made again
     */
    @Transactional(TxType.SUPPORTS)
    public void finish(Ticket ticket, StoredAnswer answer) {
        finish(ticket, new IdempotencyQueries.Kept(answer, false));
    }

    /**
     * As {@link #finish}, of an answer that holds a secret: it is kept encrypted, so that only who sends the same
     * {@code Idempotency-Key} again can have it read.
     *
     * @param idempotencyKey with which the turn was claimed
     */
    @Transactional(TxType.SUPPORTS)
    public void finishSecret(Ticket ticket, String idempotencyKey, StoredAnswer answer) {
        byte[] sealed = seal.seal(ticket, idempotencyKey, answer);
        finish(ticket, new IdempotencyQueries.Kept(new StoredAnswer(answer.status(), Map.of(), sealed), true));
    }

    private void finish(Ticket ticket, IdempotencyQueries.Kept kept) {
        StoredAnswer answer = kept.answer();
        Instant now = clock.instant();
        if (isKept(answer)) {
            require(queries.finish(ticket, kept, expiry(now)));
        } else if (!queries.unlock(ticket, now)) {
            throw new IllegalArgumentException("An answer of " + answer.sizeBytes() + " bytes is not kept");
        }
    }

    /**
     * Gives the turn back: nothing was done, or it may be done again. What was bound stays for the next attempt. Does
     * nothing when the turn is another's already. After a transaction of the caller that is rolled back, not in it.
     */
    @Transactional(TxType.SUPPORTS)
    public void release(Ticket ticket) {
        if (!queries.remove(ticket)) {
            queries.unlock(ticket, clock.instant());
        }
    }

    /** Not at the start, where first requests are waited for. */
    @Scheduled(every = "15m", delayed = "2m", identity = "idempotency-expiry", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void removeExpired() {
        for (int batch = 0; batch < config.maxCleanBatches(); batch++) {
            if (queries.removeExpired(clock.instant(), config.maxCleanRows()) < config.maxCleanRows()) {
                return;
            }
        }
    }

    private Instant lock(Instant now) {
        return now.plusSeconds(config.lockSeconds());
    }

    private static byte[] hash(String key) {
        boolean visible = key.chars().allMatch(character -> character > ' ' && character < 0x7F);
        if (key.isEmpty() || key.length() > MAX_KEY_CHARACTERS || !visible) {
            throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_INVALID, "An Idempotency-Key has 1 to "
                    + MAX_KEY_CHARACTERS + " visible ASCII characters.");
        }
        return RequestFingerprint.sha256().digest(key.getBytes(StandardCharsets.US_ASCII));
    }

    private static void require(boolean held) {
        if (!held) {
            throw inUse();
        }
    }

    private static ProblemException inUse() {
        return new ProblemException(ProblemCode.IDEMPOTENCY_KEY_IN_USE,
                "An earlier request with this Idempotency-Key is still running. Send it again later.");
    }
}
