package dev.tally.reports;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before something is tried again, when nobody says. */
final class Pauses {
    private static final int MIN_MILLIS = 1_000;
    private static final int MAX_MILLIS = 5_000;
    private static final int MAX_DOUBLINGS = 6;

    private Pauses() {}

    /** One to five seconds, so that many do not come back at once. */
    static Duration byChance() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextInt(MIN_MILLIS, MAX_MILLIS));
    }

    /** After faults of this service's own: longer each time. */
    static Duration own(int tries) {
        return byChance().multipliedBy(1L << Math.min(tries, MAX_DOUBLINGS));
    }
}
