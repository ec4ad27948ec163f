package dev.tally.reports;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ReportCallbacksIT extends ReportCallbacksTest {}
