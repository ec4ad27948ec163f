package dev.tally.platform.problem;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeoutException;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;

/** Says the faults of Vert.x's PostgreSQL client as JDBC would, so that both mean the same problem. */
final class ClientFaults {
    private ClientFaults() {}

    static SQLException asOfJdbc(Throwable fault) {
        return switch (fault) {
            case PgException answer -> new SQLException(answer.getMessage(), answer.getSqlState(), answer);
            // A connection that was refused, broke, or did not come free in time; the client has no class for each.
            case IOException broken -> unreachable(broken);
            case VertxException broken -> unreachable(broken);
            case NoStackTraceThrowable broken -> unreachable(broken);
            case TimeoutException late -> unreachable(late);
            default -> new SQLException(fault);
        };
    }

    private static SQLException unreachable(Throwable fault) {
        return new SQLTransientConnectionException(fault.getMessage(), fault);
    }
}
