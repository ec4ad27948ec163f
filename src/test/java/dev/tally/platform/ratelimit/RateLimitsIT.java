package dev.tally.platform.ratelimit;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class RateLimitsIT extends RateLimitsTest {}
