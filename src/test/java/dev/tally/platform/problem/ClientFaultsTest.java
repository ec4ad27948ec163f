package dev.tally.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;

class ClientFaultsTest {
    @ParameterizedTest
    @CsvSource({
            "57014, QUERY_TOO_SLOW",
            "57P01, DATABASE_UNAVAILABLE",
            "57P03, DATABASE_UNAVAILABLE",
            "53300, DATABASE_UNAVAILABLE",
            "08006, DATABASE_UNAVAILABLE",
            "42P01, DATABASE_NOT_MIGRATED",
            "3F000, DATABASE_NOT_MIGRATED",
            "28P01, INTERNAL_ERROR",
            "42601, INTERNAL_ERROR"})
    void areTheSameProblemFromBothDrivers(String state, ProblemCode code) {
        Problem ofJdbc = FaultTranslator.problemOf(new DatabaseException(new SQLException("secret", state)));
        Problem ofClient = FaultTranslator
                .problemOf(DatabaseException.ofClient(new PgException("secret", "ERROR", state, "detail")));

        assertThat(ofClient).isEqualTo(ofJdbc);
        assertThat(ofClient.code()).isEqualTo(code);
        assertThat(DatabaseException.ofClient(new PgException("secret", "ERROR", state, "detail")).hasState(state))
                .isTrue();
    }

    @Test
    void areAnUnreachableDatabaseWhereNoServerSaysMore() {
        assertThat(code(new ConnectException("refused"))).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        assertThat(code(new IOException("reset"))).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        assertThat(code(ClosedConnectionException.INSTANCE)).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        assertThat(code(new VertxException("Connection was closed", true)))
                .isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        assertThat(code(Future.failedFuture("Timeout").cause())).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void areOursWhereTheyAreNoneOfTheClient() {
        assertThat(code(new IllegalStateException("a mistake"))).isEqualTo(ProblemCode.INTERNAL_ERROR);
    }

    private static ProblemCode code(Throwable fault) {
        return FaultTranslator.problemOf(DatabaseException.ofClient(fault)).code();
    }
}
