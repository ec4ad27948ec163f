package dev.tally.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import org.hibernate.exception.JDBCConnectionException;
import org.junit.jupiter.api.Test;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.LinkFault;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.TcpProxy;

class SqlFaultsTest {
    /** As the pool does when its patience ends before that of the driver. */
    @Test
    void takesAConnectionThatWasGivenUpForADatabaseThatDoesNotAnswer() {
        String url = ScratchDatabase.createEmpty("tally_sql_faults_test");
        URI server = URI.create(url.substring("jdbc:".length()));
        Properties properties = new Properties();
        properties.setProperty("user", LocalPostgres.USER);
        properties.setProperty("loginTimeout", "60");
        try (TcpProxy proxy = TcpProxy.before(server.getHost(), server.getPort())) {
            proxy.suffer(LinkFault.silence());
            Thread.currentThread().interrupt();

            SQLException fault = catchThrowableOfType(SQLException.class, () -> DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + server.getPath(), properties));

            boolean unused = Thread.interrupted();
            assertThat(SqlFaults.problemOf(fault).code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
            assertThat(new DatabaseException(fault).isPassing()).isTrue();
        }
    }

    @Test
    void findsTheFaultThatALibraryHasWrapped() {
        SQLException reset = new SQLException("An I/O error occurred", "08006");

        assertThat(DatabaseException.within(new IllegalStateException(new JDBCConnectionException("...", reset))))
                .hasValueSatisfying(fault -> assertThat(fault.hasStateOfClass("08")).isTrue());
        assertThat(DatabaseException.within(new IllegalStateException("...")))
                .isEmpty();
    }
}
