package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.S3ForTests;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class ReportCleaningTest {
    private static final int MANY_ROWS = 30_000;

    @Inject
    ReportCleaningService cleaning;

    private final GcoreSteering gcore = GcoreForTests.steering();

    @BeforeEach
    @AfterEach
    void reset() {
        gcore.reset();
    }

    private static String completed() {
        return Orders.ofADay().post("cloud").then().statusCode(200).extract().path("uuid");
    }

    private static boolean hasObject(String uuid) {
        return S3ForTests.keys().stream().anyMatch(key -> key.contains(uuid));
    }

    @Test
    void removesTheRowsOfWhatHasExpiredAndNoOthers() {
        String small = completed();
        String kept = completed();
        gcore.option("rows", MANY_ROWS);
        String large = completed();
        assertThat(hasObject(large)).isTrue();
        ReportsDatabase.expire(small);
        ReportsDatabase.expire(large);

        cleaning.clean();

        assertThat(ReportsDatabase.chunks(small)).isZero();
        assertThat(hasObject(large)).isFalse();
        as("viewer").get("/reports/gcore/" + small).then().statusCode(410);
        as("viewer").get("/reports/gcore/" + large).then().statusCode(410);
        as("viewer").get("/reports/gcore/" + kept).then().statusCode(200);
    }

    @Test
    void forgetsLongAfterThatThereWasOne() {
        String old = completed();
        String later = completed();
        ReportsDatabase.expire(later);
        ReportsDatabase.expire(old, 91);

        cleaning.clean();

        as("viewer").get("/reports/gcore/" + old).then().statusCode(404);
        as("viewer").get("/reports/gcore/" + later).then().statusCode(410);
    }
}
