package dev.tally.platform.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.problem.ProblemException;
import io.quarkus.scheduler.Scheduled;

/**
 * Tells callers of events by HTTP. Each is sent until the receiver has answered 2xx, or for a day; a receiver may get it
 * more than once, always with the same id. {@link WebhookDispatcher} sends.
 */
@ApplicationScoped
public class WebhookService {
    private final CallbackRules rules;
    private final WebhookQueries queries;
    private final ObjectMapper json;
    private final Clock clock;
    private final WebhookConfig config;

    WebhookService(CallbackRules rules, WebhookQueries queries, ObjectMapper json, Clock clock, WebhookConfig config) {
        this.rules = rules;
        this.queries = queries;
        this.json = json;
        this.clock = clock;
        this.config = config;
    }

    /**
     * Whether a URL may be called at all; gives it in its normal form. Its host's addresses are checked each time that
     * something is sent.
     *
     * @throws ProblemException {@code CALLBACK_URL_INVALID}
     */
    public URI check(String callbackUrl) {
        return rules.check(callbackUrl);
    }

    /**
     * Keeps an event to be sent soon, in the transaction of the caller if there is one.
     *
     * @param callbackUrl as {@link #check} gave it
     * @param type such as {@code report.completed}
     * @param dataJson a JSON text
     * @param reference by which {@link #deliveries} finds it
     * @return the id that the receiver sees
     * @throws IllegalArgumentException when the data is not JSON, or too large
     */
    @Transactional(TxType.SUPPORTS)
    public UUID enqueue(URI callbackUrl, String type, String dataJson, String reference) {
        UUID id = UUID.randomUUID();
        // As precise as the database keeps it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        queries.add(id, reference, type, callbackUrl, body(id, type, now, dataJson), now);
        return id;
    }

    /** What became of the events with this reference, the oldest first. */
    @Transactional(TxType.SUPPORTS)
    public List<WebhookDelivery> deliveries(String reference) {
        return queries.list(reference, config.maxListed());
    }

    private byte[] body(UUID id, String type, Instant now, String dataJson) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator generator = json.getFactory().createGenerator(body)) {
            requireJson(dataJson);
            generator.writeStartObject();
            generator.writeStringField("id", id.toString());
            generator.writeStringField("type", type);
            generator.writeStringField("created_at", now.toString());
            generator.writeFieldName("data");
            generator.writeRawValue(dataJson);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot fail", e);
        }
        if (body.size() > config.maxBodyBytes()) {
            throw new IllegalArgumentException(
                    "The data of an event has more than " + config.maxBodyBytes() + " bytes");
        }
        return body.toByteArray();
    }

    /** One value and nothing else: it goes into the body as it is. */
    private void requireJson(String text) {
        try (JsonParser parser = json.getFactory().createParser(text)) {
            boolean value = parser.nextToken() != null;
            parser.skipChildren();
            if (value && parser.nextToken() == null) {
                return;
            }
        } catch (IOException _) {
            // Its message would have the data in it.
        }
        throw new IllegalArgumentException("The data of an event is not a JSON text");
    }

    /** Not at the start, where first requests are waited for. */
    @Scheduled(every = "1h", delayed = "3m", identity = "webhook-expiry", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void removeOld() {
        Instant until = clock.instant().minus(Duration.ofDays(config.retentionDays()));
        for (int batch = 0; batch < config.maxCleanBatches(); batch++) {
            if (queries.removeOld(until, config.maxCleanRows()) < config.maxCleanRows()) {
                return;
            }
        }
    }
}
