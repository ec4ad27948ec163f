package dev.tally.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BackoffTest {
    private static final WebhookConfig.Retry CONFIG = WebhookConfigForTests.forLocalReceivers();
    private static final Instant CREATED = Instant.parse("2025-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofHours(24);

    @Test
    void doublesTheTimeUpToAnHour() {
        List<Long> delays = delays(new Backoff(CONFIG, bound -> bound / 2)).stream().map(Duration::toSeconds).toList();

        assertThat(delays.subList(0, 11)).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1_280L, 2_560L, 3_600L,
                3_600L);
    }

    @Property
    void neverWaitsLongerThanAnHourAndGivesUpAfterADay(@ForAll long seed) {
        Random random = new Random(seed);

        List<Duration> delays = delays(new Backoff(CONFIG, random::nextLong));

        assertThat(delays).allMatch(delay -> delay.compareTo(Duration.ofHours(1)) <= 0);
        assertThat(delays.getFirst()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
        assertThat(delays.stream().reduce(Duration.ZERO, Duration::plus)).isBetween(DAY.minusHours(1), DAY);
    }

    /** The times between the attempts, each of which takes none, until it is given up. */
    private static List<Duration> delays(Backoff backoff) {
        List<Duration> delays = new ArrayList<>();
        Instant now = CREATED;
        Optional<Instant> next = backoff.next(1, CREATED, now);
        while (next.isPresent()) {
            delays.add(Duration.between(now, next.get()));
            now = next.get();
            next = backoff.next(delays.size() + 1, CREATED, now);
        }
        return delays;
    }
}
