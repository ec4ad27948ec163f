package dev.tally.reports;

import java.net.URI;
import java.util.Optional;

import dev.tally.local.GcoreStandIn;

/**
 * An account of the stand-in for Gcore, and bounds that tests can reach. By hand: a mapping made beside the application's
 * keeps Quarkus from reading its own configuration in the same JVM.
 */
record GcoreConfigForTests(URI baseUrl, Optional<String> username, Optional<String> password,
        Optional<String> apiToken, GcoreGeneration generation, int requestTimeoutSeconds, int maxConcurrentRequests,
        int maxListPages, int requests, int delayMillis) implements GcoreConfig, GcoreConfig.Breaker {
    private static final int NEVER_OPENS = 10_000;

    static GcoreConfigForTests of(String url) {
        return new GcoreConfigForTests(URI.create(url), Optional.of(GcoreStandIn.USERNAME),
                Optional.of(GcoreStandIn.PASSWORD), Optional.empty(), GcoreGeneration.CURRENT, 10, 64, 100, NEVER_OPENS,
                200);
    }

    GcoreConfigForTests withPassword(String other) {
        return new GcoreConfigForTests(baseUrl, username, Optional.of(other), apiToken, generation,
                requestTimeoutSeconds, maxConcurrentRequests, maxListPages, requests, delayMillis);
    }

    GcoreConfigForTests withApiToken(String token) {
        return new GcoreConfigForTests(baseUrl, Optional.empty(), Optional.empty(), Optional.of(token), generation,
                requestTimeoutSeconds, maxConcurrentRequests, maxListPages, requests, delayMillis);
    }

    GcoreConfigForTests withoutAccount() {
        return new GcoreConfigForTests(baseUrl, username, Optional.empty(), Optional.empty(), generation,
                requestTimeoutSeconds, maxConcurrentRequests, maxListPages, requests, delayMillis);
    }

    GcoreConfigForTests withGeneration(GcoreGeneration other) {
        return new GcoreConfigForTests(baseUrl, username, password, apiToken, other, requestTimeoutSeconds,
                maxConcurrentRequests, maxListPages, requests, delayMillis);
    }

    GcoreConfigForTests withRequestTimeoutSeconds(int seconds) {
        return new GcoreConfigForTests(baseUrl, username, password, apiToken, generation, seconds,
                maxConcurrentRequests, maxListPages, requests, delayMillis);
    }

    GcoreConfigForTests withMaxConcurrentRequests(int max) {
        return new GcoreConfigForTests(baseUrl, username, password, apiToken, generation, requestTimeoutSeconds, max,
                maxListPages, requests, delayMillis);
    }

    GcoreConfigForTests withMaxListPages(int pages) {
        return new GcoreConfigForTests(baseUrl, username, password, apiToken, generation, requestTimeoutSeconds,
                maxConcurrentRequests, pages, requests, delayMillis);
    }

    GcoreConfigForTests withBreaker(int ofRequests, int forMillis) {
        return new GcoreConfigForTests(baseUrl, username, password, apiToken, generation, requestTimeoutSeconds,
                maxConcurrentRequests, maxListPages, ofRequests, forMillis);
    }

    @Override
    public int tokenCacheSeconds() {
        return 1000;
    }

    @Override
    public int tokenRefreshPercent() {
        return 80;
    }

    @Override
    public int refusedLogInSeconds() {
        return 60;
    }

    @Override
    public int connectTimeoutMillis() {
        return 2000;
    }

    @Override
    public int featuresCacheSeconds() {
        return 60;
    }

    @Override
    public int maxTries() {
        return 3;
    }

    @Override
    public int minBackoffMillis() {
        return 1000;
    }

    @Override
    public int maxBackoffMillis() {
        return 5000;
    }

    @Override
    public int maxRetryWaitSeconds() {
        return 30;
    }

    @Override
    public Breaker breaker() {
        return this;
    }

    @Override
    public int failurePercent() {
        return 50;
    }
}
