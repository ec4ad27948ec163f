package dev.tally.platform.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;

/** What the application makes of it: its timer, and that what is rolled back has never been. */
@QuarkusTest
@Timeout(120)
class WebhooksTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] REQUEST = RequestFingerprint.of("POST", "/", null, null, new byte[0]);

    private final WebhookService webhooks;
    private final IdempotencyService idempotency;

    WebhooksTest(WebhookService webhooks, IdempotencyService idempotency) {
        this.webhooks = webhooks;
        this.idempotency = idempotency;
    }

    @Test
    void sendsWhatWasCommittedAndNothingElse() {
        try (Receiver receiver = Receiver.on("localhost", Receiver.status(200))) {
            URI url = webhooks.check("http://localhost:" + receiver.port() + "/hooks/t0ken");
            QuarkusTransaction.begin();
            webhooks.enqueue(url, "report.completed", "{}", "rolled-back");
            QuarkusTransaction.rollback();

            UUID id = QuarkusTransaction.requiringNew()
                    .call(() -> webhooks.enqueue(url, "report.completed", "{}", "committed"));

            await().atMost(SOON).until(() -> webhooks.deliveries("committed").getFirst().state().equals("delivered"));
            assertThat(receiver.received()).singleElement().satisfies(request -> assertThat(
                    request.header("Tally-Delivery")).isEqualTo(id.toString()));
            assertThat(webhooks.deliveries("rolled-back")).isEmpty();
        }
        given().header("Authorization", UsersForTests.basic("viewer")).get("/q/metrics").then().statusCode(200)
                .body(containsString("tally_webhook_attempts_total{outcome=\"delivered\"}"))
                .body(not(containsString("t0ken")));
    }

    @Test
    void keepsAnAnswerOnlyWithTheWorkThatItIsFor() {
        Claim.First first = (Claim.First) idempotency.claim("ann", "k-1", REQUEST);
        QuarkusTransaction.begin();
        idempotency.bind(first.ticket(), "job-1");
        idempotency.finish(first.ticket(), new StoredAnswer(200, Map.of(), new byte[0]));
        QuarkusTransaction.rollback();
        idempotency.release(first.ticket());

        Claim.First second = (Claim.First) idempotency.claim("ann", "k-1", REQUEST);

        assertThat(second.subject()).isEmpty();
    }

    @Test
    void takesATurnWhateverBecomesOfTheTransactionOfItsCaller() {
        QuarkusTransaction.begin();
        idempotency.claim("ann", "k-2", REQUEST);
        QuarkusTransaction.rollback();

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> idempotency.claim("ann", "k-2", REQUEST)).withMessageContaining("still running");
    }

    @Test
    void wantsALongSecretAndDoesNotRepeatAShortOne() throws Exception {
        WebhookConfig config = WebhookConfigForTests.forLocalReceivers();
        try (ValidatorFactory validators = Validation.buildDefaultValidatorFactory()) {
            assertThat(validators.getValidator().forExecutables().validateReturnValue(config,
                    WebhookConfig.class.getMethod("secret"), Optional.of("only-31-characters-in-this-one!")))
                    .singleElement().extracting(ConstraintViolation::getMessage).asString()
                    .isEqualTo("size must be between 32 and 2147483647");
        }
    }
}
