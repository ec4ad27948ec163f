package dev.tally.manifests;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class ProbesIT extends ProbesTest {}
