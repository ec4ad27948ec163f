package dev.tally.records;

import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** What the faults of ClickHouse mean for those who asked for records, or sent some. */
final class RecordFaults {
    private static final int UNKNOWN_TABLE = 60;
    private static final int UNKNOWN_DATABASE = 81;
    private static final int TOO_MANY_ROWS = 158;
    private static final int TOO_MANY_ROWS_OR_BYTES = 396;

    private RecordFaults() {}

    static ProblemException notConfigured() {
        return new ProblemException(ProblemCode.RECORDS_NOT_CONFIGURED,
                "The service has no ClickHouse to find records in. Its operator sets CLICKHOUSE_HOST, CLICKHOUSE_USER"
                        + " and CLICKHOUSE_PASSWORD.");
    }

    static ProblemException translated(ClickHouseException fault) {
        return switch (fault.kind()) {
            case NOT_CONFIGURED -> notConfigured();
            case REFUSED -> refused(fault);
            case TIMED_OUT -> unavailable("took too long", fault);
            case TOO_LARGE -> new ProblemException(ProblemCode.ANSWER_TOO_LARGE,
                    "The records have more bytes than the service reads at once. Ask for fewer by limit.", fault);
            case INTERRUPTED -> unavailable("was not waited for", fault);
            case UNREACHABLE -> unavailable("cannot be reached", fault);
        };
    }

    private static ProblemException refused(ClickHouseException fault) {
        return switch (fault.code().orElse(0)) {
            case UNKNOWN_TABLE, UNKNOWN_DATABASE -> new ProblemException(ProblemCode.RECORDS_NOT_MIGRATED,
                    "ClickHouse lacks the table of records. The operator of the service runs: tally migrate.", fault);
            case TOO_MANY_ROWS, TOO_MANY_ROWS_OR_BYTES -> new ProblemException(ProblemCode.QUERY_TOO_SLOW,
                    "The search looks at more records than the service reads for one answer. Search for a longer text.",
                    fault);
            default -> unavailable("did not do what it was asked", fault);
        };
    }

    /** @param what it did, as the end of a sentence */
    static ProblemException unavailable(String what, Throwable fault) {
        return new ProblemException(ProblemCode.RECORDS_UNAVAILABLE, "ClickHouse, which has the records, " + what
                + ".", fault);
    }
}
