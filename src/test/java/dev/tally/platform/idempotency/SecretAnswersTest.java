package dev.tally.platform.idempotency;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Answers that hold a secret are kept so that only who sends the same key again can have them read. */
class SecretAnswersTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_secret_answers");
    private static final byte[] REQUEST = RequestFingerprint.of("POST", "/auth/signup", null, null, new byte[0]);
    private static final byte[] OTHER_REQUEST = RequestFingerprint.of("POST", "/keys", null, null, new byte[0]);
    private static final String KEY = "4e0f0a9c-sign-up";
    private static final String SECRET = "tly_TheSecretOfTheCaller";
    private static final StoredAnswer ANSWER = new StoredAnswer(201,
            Map.of("Content-Type", "application/json", "Location", "/keys/" + SECRET),
            ("{\"api_key\":\"" + SECRET + "\"}").getBytes(UTF_8));

    private final SetClock clock = new SetClock(Instant.parse("2025-03-01T12:00:00Z"));
    private final IdempotencyService service = new IdempotencyService(new IdempotencyQueries(new Statements(DATABASE)),
            clock, new SimpleMeterRegistry(), new IdempotencyBounds());

    @BeforeEach
    void forgetAllKeys() {
        execute("TRUNCATE platform.idempotency_key");
    }

    @Test
    void areReplayedToTheByte() {
        service.finishSecret(first(REQUEST), KEY, ANSWER);

        assertThat(service.claim("ann", KEY, REQUEST)).isEqualTo(new Claim.Replay(ANSWER));
        assertThat(service.claim("ann", KEY, REQUEST)).isEqualTo(new Claim.Replay(ANSWER));
    }

    @Test
    void areReplayedWhenEmpty() {
        StoredAnswer empty = new StoredAnswer(204, Map.of(), new byte[0]);
        service.finishSecret(first(REQUEST), KEY, empty);

        assertThat(service.claim("ann", KEY, REQUEST)).isEqualTo(new Claim.Replay(empty));
    }

    @Test
    void areNowhereInTheTable() {
        service.finishSecret(first(REQUEST), KEY, ANSWER);

        String row = text("SELECT k::text FROM platform.idempotency_key k");
        String body = new String(bytes("SELECT body FROM platform.idempotency_key"), ISO_8859_1);
        assertThat(row).contains("ann").doesNotContain(SECRET, KEY, "api_key", "application/json");
        assertThat(body).doesNotContain(SECRET, KEY, "api_key", "application/json");
    }

    @Test
    void areEncryptedAnewEachTime() {
        AnswerSeal seal = new AnswerSeal();
        Ticket ticket = new Ticket("ann", new byte[32], UUID.randomUUID());

        assertThat(seal.seal(ticket, KEY, ANSWER)).isNotEqualTo(seal.seal(ticket, KEY, ANSWER));
    }

    @Test
    void doNotOpenWithAnotherKeyCallerHashOrStatus() throws AnswerSeal.BrokenException {
        AnswerSeal seal = new AnswerSeal();
        byte[] hash = new byte[32];
        byte[] otherHash = new byte[32];
        otherHash[31] = 1;
        Ticket ticket = new Ticket("ann", hash, UUID.randomUUID());
        byte[] sealed = seal.seal(ticket, KEY, ANSWER);

        assertThat(seal.open(new Ticket("ann", hash, UUID.randomUUID()), KEY, 201, sealed)).isEqualTo(ANSWER);
        assertBroken(seal, ticket, KEY + "x", 201, sealed);
        assertBroken(seal, ticket, KEY, 200, sealed);
        assertBroken(seal, new Ticket("bob", hash, UUID.randomUUID()), KEY, 201, sealed);
        assertBroken(seal, new Ticket("ann", otherHash, UUID.randomUUID()), KEY, 201, sealed);
    }

    @Test
    void doNotOpenWhenAnyByteWasChangedOrCutOff() {
        AnswerSeal seal = new AnswerSeal();
        Ticket ticket = new Ticket("ann", new byte[32], UUID.randomUUID());
        byte[] sealed = seal.seal(ticket, KEY, ANSWER);

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertBroken(seal, ticket, KEY, 201, changed);
            assertBroken(seal, ticket, KEY, 201, Arrays.copyOf(sealed, i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"body = overlay(body PLACING '\\x00'::bytea FROM 60)", "body = ''", "status = 200"})
    void areAFaultOfOursWhenTheRowWasChanged(String change) {
        service.finishSecret(first(REQUEST), KEY, ANSWER);
        execute("UPDATE platform.idempotency_key SET " + change);

        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> service.claim("ann", KEY, REQUEST))
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.INTERNAL_ERROR);
                    assertThat(problem).hasCauseInstanceOf(AnswerSeal.BrokenException.class);
                    assertThat(traceOf(problem)).doesNotContain(SECRET, KEY);
                });
    }

    @Test
    void giveWayToAnAnswerWithoutASecretOnceTheyHaveExpired() {
        service.finishSecret(first(REQUEST), KEY, ANSWER);
        clock.advance(Duration.ofHours(25));
        Ticket ticket = first(OTHER_REQUEST);
        boolean resetByTheClaim = text("SELECT sealed::text FROM platform.idempotency_key").equals("false");
        StoredAnswer plain = new StoredAnswer(200, Map.of(), "plain".getBytes(UTF_8));
        service.finish(ticket, plain);

        assertThat(resetByTheClaim).isTrue();
        assertThat(service.claim("ann", KEY, OTHER_REQUEST)).isEqualTo(new Claim.Replay(plain));
    }

    @Test
    void areNotKeptBeyondTheBound() {
        StoredAnswer large = new StoredAnswer(201, Map.of(), new byte[70_000]);
        Ticket ticket = first(REQUEST);

        assertThatThrownBy(() -> service.finishSecret(ticket, KEY, large)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertBroken(AnswerSeal seal, Ticket ticket, String key, int status, byte[] sealed) {
        assertThatThrownBy(() -> seal.open(ticket, key, status, sealed)).isInstanceOf(AnswerSeal.BrokenException.class);
    }

    private static String traceOf(Throwable fault) {
        StringBuilder trace = new StringBuilder();
        for (Throwable each = fault; each != null; each = each.getCause()) {
            trace.append(each).append('\n');
        }
        return trace.toString();
    }

    private Ticket first(byte[] request) {
        return ((Claim.First) service.claim("ann", KEY, request)).ticket();
    }

    private static void execute(String sql) {
        try (Connection connection = DATABASE.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String query) {
        return new String(bytes(query), UTF_8);
    }

    private static byte[] bytes(String query) {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getBytes(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
