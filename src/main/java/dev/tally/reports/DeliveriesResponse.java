package dev.tally.reports;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.tally.platform.webhook.WebhookDelivery;

/** What became of the calls that told of a report's end. */
record DeliveriesResponse(List<Delivery> data, int count) {
    /**
     * A call to one URL.
     *
     * @param state open, delivered or failed
     */
    record Delivery(UUID id, String type, String state, @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("next_attempt_at") @Nullable Instant nextAttemptAt, List<Attempt> attempts) {}

    /**
     * One attempt.
     *
     * @param status the answer's; null when there was none
     * @param fault why there was none
     */
    record Attempt(int number, Instant at, @Nullable Integer status, @Nullable String fault) {}

    static DeliveriesResponse of(List<WebhookDelivery> deliveries) {
        List<Delivery> data = deliveries.stream().map(each -> new Delivery(each.id(), each.type(), each.state(),
                each.createdAt(), each.nextAttemptAt().orElse(null),
                each.attempts().stream().map(attempt -> new Attempt(attempt.number(), attempt.at(),
                        attempt.status().orElse(null), attempt.fault().orElse(null))).toList()))
                .toList();
        return new DeliveriesResponse(data, data.size());
    }
}
