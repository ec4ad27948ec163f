package dev.tally.platform.problem;

import java.sql.SQLException;

/** A fault of the database on its way to the problem that the client sees; see {@link ProblemCode} for which. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DatabaseException(SQLException cause) {
        super(cause);
    }

    /** A fault of Vert.x's PostgreSQL client. */
    public static DatabaseException ofClient(Throwable fault) {
        return new DatabaseException(ClientFaults.asOfJdbc(fault));
    }

    /** Whether this is the fault with this SQLSTATE (PostgreSQL's documentation, appendix A). */
    public boolean hasState(String sqlState) {
        return getCause() instanceof SQLException fault && sqlState.equals(fault.getSQLState());
    }
}
