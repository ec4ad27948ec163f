package dev.tally.calls;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Calendar;
import java.util.Date;
import java.util.function.Supplier;

class OwnTime {
    LocalDate now() {
        return LocalDate.now();
    }

    Supplier<Instant> reference() {
        return Instant::now;
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    long millis() {
        return System.currentTimeMillis();
    }

    Date date() {
        return new Date();
    }

    Calendar calendar() {
        return Calendar.getInstance();
    }

    Instant given(Clock clock) {
        return Instant.now(clock);
    }

    long measured() {
        return System.nanoTime();
    }
}
