package dev.tally.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.postgres.Statements;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class WebhookMetricsTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_webhook_metrics");
    private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
    private static final String RENAME = "ALTER TABLE platform.webhook_delivery RENAME TO webhook_delivery_away";
    private static final String RENAME_BACK = "ALTER TABLE platform.webhook_delivery_away RENAME TO webhook_delivery";

    private final WebhookConfigForTests config = WebhookConfigForTests.allowing("hooks.example.com");
    private final SetClock clock = new SetClock(NOW);
    private final WebhookQueries queries = new WebhookQueries(new Statements(DATABASE));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WebhookMetrics metrics = new WebhookMetrics(queries, new CallbackRules(config), clock, registry);
    private final SimpleMeterRegistry registryWithoutHosts = new SimpleMeterRegistry();
    private final WebhookMetrics metricsWithoutHosts = new WebhookMetrics(queries,
            new CallbackRules(new WebhookConfigForTests(Optional.empty(), Optional.empty(), false)), clock,
            registryWithoutHosts);

    @BeforeEach
    void forgetAllDeliveries() {
        execute("TRUNCATE platform.webhook_delivery CASCADE");
    }

    @Test
    void countWhatIsOpenAndHowLateTheFirstOfItIs() {
        enqueue();
        clock.advance(Duration.ofSeconds(70));
        enqueue();
        UUID delivered = enqueue();
        execute("UPDATE platform.webhook_delivery SET state = 'delivered', due_at = NULL WHERE id = '" + delivered
                + "'");
        clock.advance(Duration.ofSeconds(20));

        metrics.count();

        assertThat(gauge("tally.webhook.open")).isEqualTo(2);
        assertThat(gauge("tally.webhook.late.seconds")).isEqualTo(90);
    }

    @Test
    void areNeverLateWithWhatIsNotDueYetOrWithNothing() {
        enqueue();
        execute("UPDATE platform.webhook_delivery SET due_at = due_at + INTERVAL '1 hour'");

        metrics.count();

        assertThat(gauge("tally.webhook.open")).isOne();
        assertThat(gauge("tally.webhook.late.seconds")).isZero();

        execute("UPDATE platform.webhook_delivery SET state = 'failed', due_at = NULL");
        metrics.count();

        assertThat(gauge("tally.webhook.open")).isZero();
        assertThat(gauge("tally.webhook.late.seconds")).isZero();
    }

    @Test
    void stayWhatTheyWereWhileTheDatabaseCannotSay() {
        enqueue();
        clock.advance(Duration.ofSeconds(30));
        metrics.count();
        execute(RENAME);
        try {
            clock.advance(Duration.ofSeconds(30));
            metrics.count();
        } finally {
            execute(RENAME_BACK);
        }

        assertThat(gauge("tally.webhook.open")).isOne();
        assertThat(gauge("tally.webhook.late.seconds")).isEqualTo(30);
    }

    @Test
    void askNothingWhereNoWebhooksAreSent() {
        enqueue();

        metricsWithoutHosts.count();

        assertThat(registryWithoutHosts.get("tally.webhook.open").gauge().value()).isZero();
    }

    private UUID enqueue() {
        CallbackRules rules = new CallbackRules(config);
        return new WebhookService(rules, queries, new ObjectMapper(), clock, config)
                .enqueue(rules.check("https://hooks.example.com/tally"), "report.completed", "{}", "job-1");
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static void execute(String sql) {
        try (Connection connection = DATABASE.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
