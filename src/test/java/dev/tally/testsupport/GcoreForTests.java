package dev.tally.testsupport;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tally.local.GcoreStandIn;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A stand-in for Gcore for the application under test, whose reports take a moment. */
public final class GcoreForTests implements QuarkusTestResourceLifecycleManager {
    private static final String URL = "tally.test.gcore-url";
    private static final Duration REPORT_TIME = Duration.ofMillis(200);

    private @Nullable GcoreStandIn standIn;

    /** Steers the stand-in of the application under test. */
    public static GcoreSteering steering() {
        return new GcoreSteering(Objects.requireNonNull(System.getProperty(URL)));
    }

    @Override
    public Map<String, String> start() {
        GcoreStandIn started = new GcoreStandIn(Clock.systemUTC(), REPORT_TIME);
        standIn = started;
        // A system property, because this class is loaded once more for the tests themselves.
        System.setProperty(URL, started.url());
        return Map.of(
                "tally.reports.gcore.base-url", started.url(),
                "tally.reports.gcore.features-cache-seconds", "1",
                "tally.reports.poll-interval-seconds", "1",
                "tally.reports.gcore.username", GcoreStandIn.USERNAME,
                "tally.reports.gcore.password", GcoreStandIn.PASSWORD);
    }

    @Override
    public void stop() {
        if (standIn != null) {
            standIn.close();
        }
    }
}
