package dev.tally.platform.problem;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A fault of the database on its way to the problem that the client sees; see {@link ProblemCode} for which. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final List<String> PASSING_CLASSES = List.of("08", "40", "53", "57");
    private static final String LOCKED = "55P03";

    public DatabaseException(SQLException cause) {
        super(cause);
    }

    /** A fault of Vert.x's PostgreSQL client. */
    public static DatabaseException ofClient(Throwable fault) {
        return new DatabaseException(ClientFaults.asOfJdbc(fault));
    }

    /** The database's fault that a library has wrapped, such as Hibernate. */
    public static Optional<DatabaseException> within(Throwable fault) {
        return fault instanceof DatabaseException own
                ? Optional.of(own)
                : FaultTranslator.find(SQLException.class, fault).map(DatabaseException::new);
    }

    /**
     * Whether the database could not be asked, or could not answer just then, whatever the statement: the classes of
     * SQLSTATE for connections, conflicts, resources and interventions of an operator.
     */
    public boolean isPassing() {
        if (!(getCause() instanceof SQLException fault) || fault.getSQLState() == null) {
            return true;
        }
        return isLocked() || SqlFaults.isInterruptedConnect(fault)
                || PASSING_CLASSES.stream().anyMatch(fault.getSQLState()::startsWith);
    }

    /** Whether nothing was done because somebody else held a row for longer than is waited for. */
    public boolean isLocked() {
        return hasState(LOCKED);
    }

    /** Whether this is the fault with this SQLSTATE (PostgreSQL's documentation, appendix A). */
    public boolean hasState(String sqlState) {
        return getCause() instanceof SQLException fault && sqlState.equals(fault.getSQLState());
    }

    /** Whether its SQLSTATE is one of this class, which is two characters. */
    public boolean hasStateOfClass(String sqlStateClass) {
        return getCause() instanceof SQLException fault && fault.getSQLState() != null
                && fault.getSQLState().startsWith(sqlStateClass);
    }
}
