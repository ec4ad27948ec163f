package dev.tally.platform.webhook;

import java.util.Locale;
import java.util.Optional;

/** What became of an attempt. */
enum Outcome {
    /** The receiver has it: it answered 2xx. */
    DELIVERED(""),
    /** The receiver answered something else. */
    REFUSED(""),
    /** There was no answer. */
    FAILED("The host could not be reached."),
    /** There was none in time. */
    TIMED_OUT("The host did not answer in time."),
    /** It was not tried. The sentence must not tell it from a host that is away: it would map our network. */
    BLOCKED(FAILED.fault);

    private final String fault;

    Outcome(String fault) {
        this.fault = fault;
    }

    /** Its name in the database and in metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Outcome of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** A sentence for whoever asked for the delivery, where there is no status. */
    Optional<String> fault() {
        return Optional.of(fault).filter(sentence -> !sentence.isEmpty());
    }

    /**
     * @param status the answer's, if there was one
     */
    record Result(Outcome outcome, Optional<Integer> status) {
        static Result without(Outcome outcome) {
            return new Result(outcome, Optional.empty());
        }

        static Result of(int status) {
            return new Result(status / 100 == 2 ? DELIVERED : REFUSED, Optional.of(status));
        }
    }
}
