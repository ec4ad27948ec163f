package dev.tally.platform.ratelimit;

import java.util.List;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;

/** How often who may ask. The values are in application.properties. */
@ConfigMapping(prefix = "tally.rate-limit")
public interface RateLimitConfig {
    /** Who counts. */
    State state();

    /** Of each API key. */
    Rate key();

    /** Of each client address, of requests with a key. */
    Rate address();

    /** Of each client address, of requests whose key was refused: after so many its keys are not looked at. */
    Rate failedKeys();

    /** Of each client address, of requests to the paths below. */
    Rate signUp();

    /** What the paths begin with on which POST is a sign-up. */
    List<String> signUpPaths();

    /** How many buckets a replica knows of each policy; beyond that it forgets the one that was asked least recently. */
    @Min(1)
    @Max(10_000_000)
    int maxReplicaBuckets();

    /** How many full buckets are removed from PostgreSQL by one statement. */
    @Min(1)
    int maxCleanRows();

    /** How many such statements are run in a row. */
    @Min(1)
    int maxCleanBatches();

    /** Where the buckets are. */
    enum State {
        /** In the memory of each replica, which knows nothing of the others. */
        REPLICA,
        /** In PostgreSQL, for all replicas together. */
        POSTGRES
    }

    /** A rate. */
    interface Rate {
        /** At once at most, and in each window on average; 0 limits nothing. */
        @Min(0)
        @Max(1_000_000)
        int requests();

        /** How long it takes until as many can be done at once again. */
        @Min(1)
        @Max(86_400)
        int windowSeconds();
    }
}
