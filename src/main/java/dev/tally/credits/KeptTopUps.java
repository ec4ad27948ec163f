package dev.tally.credits;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.http.Answer;
import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.problem.ProblemWriter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Top-ups with and without an {@code Idempotency-Key}. */
@ApplicationScoped
class KeptTopUps {
    /** The faults that are answered again as they were: they are final. */
    private static final Set<ProblemCode> FINAL = Set.of(ProblemCode.PARAMETER_INVALID, ProblemCode.USER_NOT_FOUND);

    private final TopUpService service;
    private final IdempotencyService idempotency;
    private final ProblemWriter problems;

    KeptTopUps(TopUpService service, IdempotencyService idempotency, ProblemWriter problems) {
        this.service = service;
        this.idempotency = idempotency;
        this.problems = problems;
    }

    /** A top-up as it was asked for; not checked yet, because what is wrong with it is an answer too. */
    record Asked(@Nullable String email, @Nullable String amount, String caller) {
        TopUp parse() {
            return TopUp.parse(email, amount);
        }
    }

    /** @throws ProblemException when it cannot be done, or the key cannot be used */
    Answer answer(Asked asked, @Nullable String key, RoutingContext routing) {
        if (key == null) {
            return answer(service.topUp(asked.parse(), asked.caller(), null));
        }
        return switch (idempotency.claim(asked.caller(), key, fingerprint(routing.request()))) {
            case Claim.Replay replay -> answer(replay.answer()).with("Idempotency-Replayed", "true");
            case Claim.First first -> {
                boolean kept = false;
                try {
                    Answer answer = answer(first(asked, first.ticket(), routing));
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

    private static byte[] fingerprint(HttpServerRequest request) {
        return RequestFingerprint.of(request.method().name(), Objects.requireNonNullElse(request.path(), ""),
                request.query(), request.getHeader("Accept"), new byte[0]);
    }

    private StoredAnswer first(Asked asked, Ticket ticket, RoutingContext routing) {
        try {
            return service.topUp(asked.parse(), asked.caller(), ticket);
        } catch (ProblemException problem) {
            if (!FINAL.contains(problem.code())) {
                throw problem;
            }
            StoredAnswer stored = new StoredAnswer(problem.code().status(),
                    Map.of("Content-Type", ProblemWriter.MEDIA_TYPE),
                    problems.document(problem, routing).getBytes(StandardCharsets.UTF_8));
            idempotency.finish(ticket, stored);
            return stored;
        }
    }

    private static Answer answer(StoredAnswer stored) {
        return new Answer(stored.status(), stored.headers(), new String(stored.body(), StandardCharsets.UTF_8))
                .with("Cache-Control", "no-store");
    }
}
