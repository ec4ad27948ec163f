package dev.tally.reports;

import java.io.UncheckedIOException;
import java.net.URI;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.webhook.WebhookService;

/** Tells who asked for it that a report has ended: with the job, not with its rows. */
@ApplicationScoped
class EndNotices {
    private final WebhookService webhooks;
    private final ObjectMapper json;

    EndNotices(WebhookService webhooks, ObjectMapper json) {
        this.webhooks = webhooks;
        this.json = json;
    }

    /** In the transaction in which the job ends. */
    void tell(String callbackUrl, ReportJob ended) {
        try {
            webhooks.enqueue(URI.create(callbackUrl), "report." + ended.status().text(),
                    json.writeValueAsString(JobResponse.of(ended)), ended.id().toString());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
