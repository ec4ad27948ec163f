package dev.tally.platform.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ConsoleFilesIT extends ConsoleFilesTest {}
