package dev.tally.reports;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.http.Answer;
import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.problem.ProblemWriter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Orders with an {@code Idempotency-Key}. Of an answer with rows it is kept only whose rows they are: the same bytes are
 * made of them again.
 */
@ApplicationScoped
class KeptOrders {
    /** Stands for a body of rows; an answer that has them has no Location of its own. */
    private static final String ROWS_OF = "Location";
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    private static final int CONFLICT = 409;

    private final ReportService service;
    private final ReportAnswers answers;
    private final IdempotencyService idempotency;
    private final ProblemWriter problems;
    private final ObjectMapper json;

    KeptOrders(ReportService service, ReportAnswers answers, IdempotencyService idempotency, ProblemWriter problems,
            ObjectMapper json) {
        this.service = service;
        this.answers = answers;
        this.idempotency = idempotency;
        this.problems = problems;
        this.json = json;
    }

    /** What a client ordered, and how long it waits. */
    record Order(ReportOrder order, String caller, @Nullable String callbackUrl, Duration maxWait,
            Optional<String> preferenceApplied) {
        /** Without the callback, whose URL may hold a secret. */
        @Override
        public String toString() {
            return "Order[" + order + ", " + maxWait + "]";
        }
    }

    /** @throws ProblemException when the key cannot be used, or the report failed */
    Answer answer(Order wanted, String key, RoutingContext routing) throws InterruptedException {
        return switch (idempotency.claim(wanted.caller(), key, fingerprint(wanted, routing.request()))) {
            case Claim.Replay replay -> replay(replay.answer(), routing);
            case Claim.First first -> {
                boolean kept = false;
                try {
                    Answer answer = first(wanted, first, routing);
                    kept = true;
                    yield answer;
                } finally {
                    if (!kept) {
                        idempotency.release(first.ticket());
                    }
                }
            }
        };
    }

    private static byte[] fingerprint(Order wanted, HttpServerRequest request) {
        // Of what was understood of the body: the same order in another spelling is the same.
        String body = wanted.order() + " " + wanted.callbackUrl();
        return RequestFingerprint.of(request.method().name(), Objects.requireNonNullElse(request.path(), ""), request.query(),
                request.getHeader("Accept"), body.getBytes(StandardCharsets.UTF_8));
    }

    private Answer first(Order wanted, Claim.First first, RoutingContext routing) throws InterruptedException {
        UUID id;
        if (first.subject().isPresent()) {
            id = UUID.fromString(first.subject().get());
        } else {
            id = service.order(wanted.order(), wanted.caller(), wanted.callbackUrl(), first.ticket());
        }
        ReportJob job = service.await(id, wanted.maxWait(), first.ticket());
        try {
            Answer answer = answers.ofOrder(job, wanted.preferenceApplied(), routing);
            return keep(first.ticket(), job, answer);
        } catch (ProblemException problem) {
            int status = problem.code().status();
            if (status < CLIENT_ERROR || status >= SERVER_ERROR || status == CONFLICT) {
                throw problem;
            }
            return keep(first.ticket(), problem, routing);
        }
    }

    private Answer keep(Ticket ticket, ReportJob job, Answer answer) {
        if (job.status().hasRows()) {
            idempotency.finish(ticket, stored(answer.with(ROWS_OF, job.id().toString()), ""));
            return answer;
        }
        String body = text(answer.entity());
        idempotency.finish(ticket, stored(answer, body));
        return new Answer(answer.status(), answer.headers(), body);
    }

    private Answer keep(Ticket ticket, ProblemException problem, RoutingContext routing) {
        String document = problems.document(problem, routing);
        Answer answer = new Answer(problem.code().status(), Map.of("Content-Type", ProblemWriter.MEDIA_TYPE), document);
        idempotency.finish(ticket, stored(answer, document));
        return answer.with("Cache-Control", "no-store");
    }

    private static StoredAnswer stored(Answer answer, String body) {
        return new StoredAnswer(answer.status(), answer.headers(), body.getBytes(StandardCharsets.UTF_8));
    }

    private String text(Object entity) {
        try {
            return json.writeValueAsString(entity);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer replay(StoredAnswer stored, RoutingContext routing) {
        String rowsOf = stored.headers().get(ROWS_OF);
        Answer answer = rowsOf != null && stored.body().length == 0
                ? answers.ofOrder(service.find(UUID.fromString(rowsOf)),
                        Optional.ofNullable(stored.headers().get("Preference-Applied")), routing)
                : new Answer(stored.status(), stored.headers(), new String(stored.body(), StandardCharsets.UTF_8))
                        .with("Cache-Control", "no-store");
        return answer.with("Idempotency-Replayed", "true");
    }
}
