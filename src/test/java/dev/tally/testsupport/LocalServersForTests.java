package dev.tally.testsupport;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;

/** Gives every {@code @QuarkusTest} and {@code @QuarkusIntegrationTest} its servers and its users. */
@WithTestResource(value = PostgresForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = GcoreForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = S3ForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = ClickHouseForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = CatalogueForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = WebhooksForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = RatesForTests.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = UsersForTests.class, scope = TestResourceScope.GLOBAL)
final class LocalServersForTests {
    private LocalServersForTests() {}
}
