package dev.tally.reports;

import java.net.URI;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where Gcore is, who asks, and the bounds of what is asked. */
@ConfigMapping(prefix = "tally.reports.gcore")
public interface GcoreConfig {
    URI baseUrl();

    Optional<String> username();

    Optional<String> password();

    /** A permanent token. It goes before user and password. */
    Optional<String> apiToken();

    /** Which of Gcore's paths to use. */
    @WithDefault("current")
    GcoreGeneration generation();

    /** How long an access token is used; Gcore's live an hour. */
    @Min(1)
    int tokenCacheSeconds();

    /** When a token is renewed while the old one still serves. */
    @WithDefault("80")
    @Min(1)
    @Max(99)
    int tokenRefreshPercent();

    /** For how long a refused log-in is not tried again. */
    @WithDefault("60")
    int refusedLogInSeconds();

    /** How long Gcore may be silent, before an answer and within it. */
    @Min(1)
    int requestTimeoutSeconds();

    @WithDefault("5000")
    @Min(1)
    int connectTimeoutMillis();

    @WithDefault("60")
    int featuresCacheSeconds();

    /** How many requests may be under way, downloads included. */
    @WithDefault("64")
    @Min(1)
    int maxConcurrentRequests();

    /** How many pages of a list are read. */
    @WithDefault("100")
    @Min(1)
    int maxListPages();

    /** How often a request is made that did not succeed because Gcore was busy or failed. */
    @WithDefault("3")
    @Min(1)
    int maxTries();

    /** Between these two, by chance, is the time before the next try when Gcore names none. */
    @WithDefault("1000")
    @Min(0)
    int minBackoffMillis();

    @WithDefault("5000")
    @Min(0)
    int maxBackoffMillis();

    /** If Gcore wants a longer wait, that is the caller's. */
    @WithDefault("30")
    int maxRetryWaitSeconds();

    Breaker breaker();

    /** When Gcore is left alone because it fails. */
    interface Breaker {
        /** Of how many last requests the failures are counted. */
        @WithDefault("20")
        @Min(1)
        int requests();

        /** How many of them open the breaker when they failed. */
        @WithDefault("50")
        @Min(1)
        @Max(100)
        int failurePercent();

        /** How long nothing is asked, before a single request looks how Gcore is. */
        @WithDefault("5000")
        @Min(1)
        int delayMillis();
    }
}
