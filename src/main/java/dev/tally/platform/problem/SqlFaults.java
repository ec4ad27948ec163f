package dev.tally.platform.problem;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;

/** Reads the database's faults; the states are those of PostgreSQL's documentation, appendix A. */
final class SqlFaults {
    private static final String QUERY_CANCELLED = "57014";
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_SCHEMA = "3F000";
    private static final String NO_SUCH_CHARACTER = "22021";
    private static final String CONNECTION_CLASS = "08";
    private static final String SHUTDOWN_CLASS = "57P0";

    private static final String UNEXPECTED_BY_DRIVER = "99999";
    private static final String INTERRUPTED_CONNECT = "Interrupted while attempting to connect";

    private SqlFaults() {}

    static Problem problemOf(SQLException fault) {
        String state = fault.getSQLState();
        if (QUERY_CANCELLED.equals(state) || fault instanceof SQLTimeoutException) {
            return Problem.of(ProblemCode.QUERY_TOO_SLOW,
                    "The query took longer than the service allows. Ask for a shorter range, or later.");
        }
        boolean unreachable = state != null && (state.startsWith(CONNECTION_CLASS) || state.startsWith(SHUTDOWN_CLASS)
                || state.equals(TOO_MANY_CONNECTIONS) || isInterruptedConnect(fault));
        if (unreachable || fault instanceof SQLTransientConnectionException || isPoolTimeout(fault)) {
            return Problem.of(ProblemCode.DATABASE_UNAVAILABLE, "The database does not answer now. Try again later.");
        }
        if (UNDEFINED_TABLE.equals(state) || UNDEFINED_SCHEMA.equals(state)) {
            return Problem.of(ProblemCode.DATABASE_NOT_MIGRATED,
                    "The database is not ready for this version of the service. Its operator has to migrate it.");
        }
        if (NO_SUCH_CHARACTER.equals(state)) {
            return Problem.of(ProblemCode.REQUEST_INVALID,
                    "The request has a character that no text here can have, such as NUL. Leave it out.");
        }
        return Problem.of(ProblemCode.INTERNAL_ERROR, FaultTranslator.INTERNAL);
    }

    /**
     * Whether the pool has given up a connection that was not made in time. It interrupts who makes it, for which pgjdbc
     * has no state of its own when it was told a loginTimeout.
     */
    static boolean isInterruptedConnect(SQLException fault) {
        Throwable cause = fault.getCause();
        return UNEXPECTED_BY_DRIVER.equals(fault.getSQLState()) && cause != null
                && String.valueOf(cause.getMessage()).startsWith(INTERRUPTED_CONNECT);
    }

    /** Agroal gives its time-out neither a class nor a state of its own. */
    private static boolean isPoolTimeout(SQLException fault) {
        String message = fault.getMessage();
        return fault.getSQLState() == null && message != null && message.contains("cquisition timeout");
    }
}
