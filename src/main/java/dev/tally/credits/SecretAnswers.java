package dev.tally.credits;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.http.Answer;
import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.problem.ProblemWriter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Answers that show a new key, once, or again to who sends the same request with the same {@code Idempotency-Key}: what is
 * kept for that can be read only with the Idempotency-Key.
 */
@ApplicationScoped
class SecretAnswers {
    private static final int CREATED = 201;
    private static final String JSON = "application/json";
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    /** Nothing was done; the key may be tried again. */
    private static final Set<Integer> NOT_KEPT = Set.of(401, 402, 409, 429);

    private final IdempotencyService idempotency;
    private final ProblemWriter problems;
    private final ObjectMapper json;

    SecretAnswers(IdempotencyService idempotency, ProblemWriter problems, ObjectMapper json) {
        this.idempotency = idempotency;
        this.problems = problems;
        this.json = json;
    }

    /**
     * Has something made, unless it was made before.
     *
     * @param caller whose the Idempotency-Key is
     * @param idempotencyKey null when none was sent
     * @param body as it was understood; null for none
     * @param work makes it, and within its transaction gives it to what keeps it
     * @throws ProblemException of the work, or of the Idempotency-Key
     */
    <R> Answer answer(String caller, @Nullable String idempotencyKey, @Nullable Object body, RoutingContext routing,
            Function<Consumer<R>, R> work) {
        if (idempotencyKey == null) {
            return created(text(work.apply(_ -> {}))).with("Cache-Control", "no-store");
        }
        Answer answer = switch (idempotency.claim(caller, idempotencyKey, fingerprint(body, routing.request()))) {
            case Claim.Replay(StoredAnswer stored) -> new Answer(stored.status(), stored.headers(),
                    new String(stored.body(), StandardCharsets.UTF_8)).with("Idempotency-Replayed", "true");
            case Claim.First first -> first(first.ticket(), idempotencyKey, routing, work);
        };
        return answer.with("Cache-Control", "no-store");
    }

    private <R> Answer first(IdempotencyService.Ticket ticket, String idempotencyKey, RoutingContext routing,
            Function<Consumer<R>, R> work) {
        boolean kept = false;
        try {
            R made = work.apply(
                    response -> idempotency.finishSecret(ticket, idempotencyKey, stored(created(text(response)))));
            kept = true;
            return created(text(made));
        } catch (ProblemException problem) {
            int status = problem.code().status();
            if (status < CLIENT_ERROR || status >= SERVER_ERROR || NOT_KEPT.contains(status)) {
                throw problem;
            }
            Answer answer = new Answer(status, Map.of("Content-Type", ProblemWriter.MEDIA_TYPE),
                    problems.document(problem, routing));
            idempotency.finish(ticket, stored(answer));
            kept = true;
            return answer;
        } finally {
            if (!kept) {
                idempotency.release(ticket);
            }
        }
    }

    private static Answer created(String body) {
        return new Answer(CREATED, Map.of("Content-Type", JSON), body);
    }

    private static StoredAnswer stored(Answer answer) {
        return new StoredAnswer(answer.status(), answer.headers(),
                answer.entity().toString().getBytes(StandardCharsets.UTF_8));
    }

    private byte[] fingerprint(@Nullable Object body, HttpServerRequest request) {
        // Of what was understood of the body: the same in another spelling is the same.
        return RequestFingerprint.of(request.method().name(), Objects.requireNonNullElse(request.path(), ""),
                request.query(), request.getHeader("Accept"),
                (body == null ? "" : text(body)).getBytes(StandardCharsets.UTF_8));
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
