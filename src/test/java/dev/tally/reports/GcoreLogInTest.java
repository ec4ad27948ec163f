package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import jakarta.inject.Inject;

import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.local.GcoreStandIn;
import dev.tally.reports.GcoreException.Kind;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

/** Log-ins over HTTP; {@link GcoreTokenTest} has what does not need it. */
@QuarkusTest
@Timeout(60)
class GcoreLogInTest {
    @Inject
    GcoreGateway application;

    private final SetClock clock = new SetClock(Instant.parse("2026-08-01T00:00:00Z"));
    private final GcoreStandIn standIn = new GcoreStandIn(clock, Duration.ZERO);
    private final GcoreSteering gcore = new GcoreSteering(standIn.url());
    private final GcoreConfigForTests config = GcoreConfigForTests.of(standIn.url());
    private final List<GcoreGateway> gateways = new ArrayList<>();

    @AfterEach
    void close() {
        gateways.forEach(GcoreGateway::close);
        standIn.close();
    }

    private GcoreGateway gateway(GcoreConfig of) {
        GcoreGateway gateway = new GcoreGateway(of, clock, new SimpleMeterRegistry(), _ -> {});
        gateways.add(gateway);
        return gateway;
    }

    private static GcoreException fault(Runnable call) {
        GcoreException fault = catchThrowableOfType(GcoreException.class, call::run);
        assertThat(fault).as("a failure").isNotNull();
        return fault;
    }

    @Test
    void isConfiguredInTheApplication() {
        GcoreSteering ofApplication = GcoreForTests.steering();
        ofApplication.reset();

        GcoreReport report = application.start(new ReportParameters(LocalDate.EPOCH, LocalDate.EPOCH.plusDays(1),
                application.features(Product.WAAP)));

        assertThat(ofApplication.report(report.uuid())).isPresent();
    }

    @Test
    void logsInOnceForTwoHundredCallers() throws Exception {
        GcoreGateway gateway = gateway(config);

        GcoreGatewayTest.atOnce(200, () -> fault(() -> gateway.status(UUID.randomUUID())));

        assertThat(gcore.count("login")).isEqualTo(1);
        assertThat(gcore.count("status")).isEqualTo(200);
    }

    @Test
    void renewsOnceForFiftyWhoseTokenDiedInUse() throws Exception {
        GcoreGateway gateway = gateway(config);
        fault(() -> gateway.status(UUID.randomUUID()));
        gcore.killAccessTokens();

        GcoreGatewayTest.atOnce(50,
                () -> assertThat(fault(() -> gateway.status(UUID.randomUUID())).kind()).isEqualTo(Kind.NOT_FOUND));

        assertThat(gcore.count("refresh")).isEqualTo(1);
        assertThat(gcore.count("login")).isEqualTo(1);
    }

    @Test
    void logsInAnewWhenTheRefreshTokenIsDeadToo() {
        GcoreGateway gateway = gateway(config);
        gateway.features(Product.CDN);
        gcore.killAccessTokens();
        gcore.killRefreshTokens();

        assertThat(gateway.startedSince(clock.instant())).isEmpty();

        assertThat(gcore.count("refresh")).isEqualTo(1);
        assertThat(gcore.count("login")).isEqualTo(2);
    }

    @Test
    void logsInAnewWhenTheAnswerToARefreshWasLost() {
        GcoreGateway gateway = gateway(config);
        gateway.features(Product.CDN);
        gcore.killAccessTokens();
        gcore.lose("refresh", 1);

        assertThat(gateway.startedSince(clock.instant())).isEmpty();

        assertThat(gcore.count("refresh")).isEqualTo(2);
        assertThat(gcore.count("login")).isEqualTo(2);
    }

    @Test
    void givesUpWhenTheNewTokenIsRefusedToo() {
        GcoreGateway gateway = gateway(config);
        gcore.answer("status", 401, null, 0);

        GcoreException fault = fault(() -> gateway.status(UUID.randomUUID()));

        assertThat(fault.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        assertThat(gcore.count("status")).isEqualTo(2);
        assertThat(gcore.count("refresh")).isEqualTo(1);
    }

    @Test
    void renewsWhenTheStartOfAReportIsUnauthorized() {
        GcoreGateway gateway = gateway(config);
        gateway.features(Product.CDN);
        gcore.killAccessTokens();

        gateway.start(new ReportParameters(LocalDate.EPOCH, LocalDate.EPOCH.plusDays(1),
                gateway.features(Product.CDN)));

        assertThat(gcore.journal().path("reports")).hasSize(1);
        assertThat(gcore.count("start")).isEqualTo(2);
    }

    @Test
    void asksOnceWithBadCredentials() {
        GcoreGateway gateway = gateway(config.withPassword("wrong"));

        GcoreException first = fault(() -> gateway.features(Product.CDN));
        GcoreException second = fault(() -> gateway.status(UUID.randomUUID()));

        assertThat(List.of(first.kind(), second.kind())).containsOnly(Kind.LOGIN_REFUSED);
        assertThat(first).hasMessageContaining("GCORE_PASSWORD");
        assertThat(gcore.count("login")).isEqualTo(1);
    }

    @Test
    void triesTheLogInAgainWhenGcoreFails() {
        gcore.answer("login", 503, "1", 2);

        assertThat(gateway(config).features(Product.CDN)).isNotEmpty();

        assertThat(gcore.count("login")).isEqualTo(3);
    }

    @Test
    void usesAPermanentTokenWithoutALogIn() {
        GcoreGateway gateway = gateway(config.withApiToken(GcoreStandIn.API_TOKEN));

        assertThat(gateway.features(Product.CDN)).isNotEmpty();

        assertThat(gcore.count("login")).isZero();
    }

    @Test
    void doesNotInsistOnAPermanentTokenThatIsRefused() {
        GcoreException fault = fault(() -> gateway(config.withApiToken("dead")).features(Product.CDN));

        assertThat(fault.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        assertThat(fault).hasMessageContaining("GCORE_API_TOKEN");
        assertThat(gcore.count("features")).isEqualTo(1);
    }

    @Test
    void saysWhatToSetWhenThereIsNoAccount() {
        GcoreGateway gateway = gateway(config.withoutAccount());

        GcoreException fault = fault(() -> gateway.features(Product.CDN));

        assertThat(gateway.isConfigured()).isFalse();
        assertThat(gateway(config).isConfigured()).isTrue();
        assertThat(fault.kind()).isEqualTo(Kind.LOGIN_REFUSED);
        assertThat(fault).hasMessageContainingAll("GCORE_USERNAME", "GCORE_PASSWORD", "GCORE_API_TOKEN");
        assertThat(gcore.journal().path("requests")).isEmpty();
    }

    @Test
    void keepsSecretsOutOfTheLog() {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        List<Logger> loggers = List.of(Logger.getLogger("dev.tally"), Logger.getLogger("io.vertx.core.http"),
                Logger.getLogger("org.jboss.resteasy.reactive.client"));
        Handler handler = new KeepingHandler(log);
        loggers.forEach(logger -> {
            logger.setLevel(Level.ALL);
            logger.addHandler(handler);
        });

        try {
            useAndAbuse();
        } finally {
            loggers.forEach(logger -> {
                logger.removeHandler(handler);
                logger.setLevel(null);
            });
        }

        assertThat(log).anySatisfy(line -> assertThat(line).contains("does not accept a token any more"))
                .anySatisfy(line -> assertThat(line).contains("There is no new token"))
                .allSatisfy(line -> assertThat(line).doesNotContain("access-", "refresh-", "Bearer ", "APIKey",
                        GcoreStandIn.PASSWORD, GcoreStandIn.API_TOKEN, "a wrong password"));
    }

    private void useAndAbuse() {
        GcoreGateway gateway = gateway(config);
        gateway.features(Product.CDN);
        gcore.killAccessTokens();
        gateway.startedSince(clock.instant());
        gcore.lose("login", 0);
        gcore.lose("refresh", 0);
        gcore.killAccessTokens();
        fault(() -> gateway.status(UUID.randomUUID()));
        gcore.reset();
        fault(() -> gateway(config.withPassword("a wrong password")).features(Product.CDN));
        gateway(config.withApiToken(GcoreStandIn.API_TOKEN)).features(Product.CDN);
        gcore.answer("list", 400, null, 1);
        fault(() -> gateway.startedSince(clock.instant()));
    }

    /** Keeps what would be printed, stack traces included. */
    private static final class KeepingHandler extends Handler {
        private final Queue<String> log;

        KeepingHandler(Queue<String> log) {
            this.log = log;
            setLevel(Level.ALL);
            setFormatter(new ExtFormatter() {
                @Override
                public String format(ExtLogRecord record) {
                    return formatMessage(record);
                }
            });
        }

        @Override
        public void publish(LogRecord record) {
            StringWriter text = new StringWriter();
            text.write(getFormatter().format(record));
            if (record.getThrown() != null) {
                record.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            log.add(text.toString());
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
