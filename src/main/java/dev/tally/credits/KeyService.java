package dev.tally.credits;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Users and their keys come, are replaced and go. */
@ApplicationScoped
class KeyService {
    private static final Duration USUAL_GRACE = Duration.ofHours(1);

    private final KeyQueries keys;
    private final SignUpQueries users;
    private final CreditsConfig credits;
    private final KeysConfig config;
    private final Clock clock;
    /** Made when it is needed: a native binary must not carry the seed of its build. */
    private final RandomKeys random = new RandomKeys();

    KeyService(KeyQueries keys, SignUpQueries users, CreditsConfig credits, KeysConfig config, Clock clock) {
        this.keys = keys;
        this.users = users;
        this.credits = credits;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Makes a user with an account and a key.
     *
     * @param keep keeps the answer for who asks again, in the same transaction
     * @throws ProblemException {@code EMAIL_TAKEN}
     */
    @Transactional
    SignUpResponse signUp(SignUpRequest request, Consumer<SignUpResponse> keep) {
        Instant now = now();
        long userId = users.insertUser(request.name(), request.email(), now)
                .orElseThrow(() -> new ProblemException(ProblemCode.EMAIL_TAKEN,
                        "There is a user with this e-mail already. Use the API key that came with it."));
        users.openAccount(userId, credits.signUpCredits(), now);
        ApiKey key = random.next();
        long unused = keys.insert(userId, key, "sign-up", now, null);
        SignUpResponse made = new SignUpResponse(userId, key.text(), credits.signUpCredits());
        keep.accept(made);
        return made;
    }

    /**
     * Makes one more key for a user.
     *
     * @param keep as above
     * @throws ProblemException {@code TOO_MANY_KEYS}; {@code REQUEST_INVALID} when it would end in the past, or too late
     */
    @Transactional
    NewKeyResponse create(long userId, NewKeyRequest request, Consumer<NewKeyResponse> keep) {
        Instant now = now();
        @Nullable
        Instant end = request.expiresAt() == null ? null : request.expiresAt().truncatedTo(ChronoUnit.MICROS);
        checkEnd(end, now);
        keys.lockOwner(userId);
        requireRoom(keys.countGood(userId, now));
        keys.removeEnded(userId, now, config.maxEndedPerUser());
        NewKeyResponse made = insert(userId, request.name(), now, end);
        keep.accept(made);
        return made;
    }

    /**
     * Replaces a key by a new one of the same name, which lives as long as the old one was to live; the old one ends after the
     * grace, unless it ends earlier.
     *
     * @param graceSeconds null for the usual hour
     * @param keep as above
     * @throws ProblemException {@code API_KEY_NOT_FOUND} when the user has no such key that is good; {@code TOO_MANY_KEYS}
     *         when earlier ones that were replaced are still in their grace
     */
    @Transactional
    NewKeyResponse rotate(long userId, long keyId, @Nullable Long graceSeconds, Consumer<NewKeyResponse> keep) {
        Instant now = now();
        Duration grace = grace(graceSeconds);
        keys.lockOwner(userId);
        KeyQueries.GoodKey old = keys.findGood(userId, keyId, now).orElseThrow(KeyService::notFound);
        // The old one does not count, so that a user with all the keys that one may have can replace each.
        requireRoom(keys.countGood(userId, now) - 1);
        @Nullable
        Instant end = old.expiresAt().map(first -> now.plus(Duration.between(old.createdAt(), first))).orElse(null);
        keys.endBy(keyId, now.plus(grace));
        keys.removeEnded(userId, now, config.maxEndedPerUser());
        NewKeyResponse made = insert(userId, old.name(), now, end);
        keep.accept(made);
        return made;
    }

    private NewKeyResponse insert(long userId, String name, Instant now, @Nullable Instant end) {
        ApiKey key = random.next();
        long id = keys.insert(userId, key, name, now, end);
        return new NewKeyResponse(id, key.text(), key.start(), name, now, end);
    }

    /** The user's keys, the latest first, from the one before {@code before} on. */
    List<KeyResponse> list(long userId, @Nullable Long before, int limit) {
        return keys.list(userId, before, limit);
    }

    /** @throws ProblemException {@code API_KEY_NOT_FOUND} when the user has no such key, or has revoked it */
    void revoke(long userId, long keyId) {
        if (!keys.revoke(userId, keyId, now())) {
            throw notFound();
        }
    }

    private void checkEnd(@Nullable Instant end, Instant now) {
        if (end != null && !end.isAfter(now)) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID, "expires_at is not in the future.");
        }
        if (end != null && end.isAfter(now.plus(Duration.ofDays(config.maxLifetimeDays())))) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID, "expires_at is more than "
                    + config.maxLifetimeDays() + " days away. Leave it out for a key that does not end.");
        }
    }

    private Duration grace(@Nullable Long seconds) {
        Duration max = Duration.ofDays(config.maxGraceDays());
        long asked = Objects.requireNonNullElse(seconds, USUAL_GRACE.toSeconds());
        if (asked > max.toSeconds()) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "grace_seconds is more than " + max.toSeconds() + ".");
        }
        return Duration.ofSeconds(asked);
    }

    private void requireRoom(int good) {
        if (good >= credits.maxKeysPerUser()) {
            throw new ProblemException(ProblemCode.TOO_MANY_KEYS,
                    "You have " + good + " API keys that are good, and may"
                            + " have " + credits.maxKeysPerUser() + ". Revoke one with DELETE /keys/{id}.");
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemCode.API_KEY_NOT_FOUND,
                "You have no such API key that is good. GET /keys lists yours.");
    }

    /** As exact as the database keeps it, so that it is the same in every answer. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Keys out of the system's own source of randomness. */
    private static final class RandomKeys {
        private @Nullable SecureRandom source;

        synchronized ApiKey next() {
            if (source == null) {
                source = new SecureRandom();
            }
            return ApiKey.generate(source);
        }
    }
}
