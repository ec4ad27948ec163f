package dev.tally.credits;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class WhoAmIIT extends WhoAmITest {}
