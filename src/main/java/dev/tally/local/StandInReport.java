package dev.tally.local;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A report of the stand-in for Gcore, and what was asked about it. */
final class StandInReport {
    private static final int PENDING_PART = 4;
    private static final int USER_ID = 42;
    private static final int CLIENT_ID = 7;
    private static final int RECORDS = 100;

    private final UUID uuid = UUID.randomUUID();
    private final JsonNode parameters;
    private final Instant createdAt;
    private final StandInScript script;
    private final long completeAfterMillis;
    private final AtomicInteger downloads = new AtomicInteger();
    private int statusRequests;
    private long minGapMillis = Long.MAX_VALUE;
    private Instant lastStatusRequest = Instant.MIN;

    StandInReport(JsonNode parameters, Instant createdAt, StandInScript script, long completeAfterMillis) {
        this.parameters = parameters;
        this.createdAt = createdAt;
        this.script = script;
        Long own = script.afterMillis();
        this.completeAfterMillis = own == null ? completeAfterMillis : own;
    }

    UUID uuid() {
        return uuid;
    }

    JsonNode parameters() {
        return parameters;
    }

    synchronized void countStatusRequest(Instant now) {
        if (statusRequests++ > 0) {
            minGapMillis = Math.min(minGapMillis, Duration.between(lastStatusRequest, now).toMillis());
        }
        lastStatusRequest = now;
    }

    void countDownload() {
        downloads.incrementAndGet();
    }

    String status(Instant now) {
        long millis = Duration.between(createdAt, now).toMillis();
        if (millis >= completeAfterMillis && !script.outcome().equals("never")) {
            return script.outcome();
        }
        String meanwhile = script.meanwhile();
        if (meanwhile != null) {
            return meanwhile;
        }
        return millis < completeAfterMillis / PENDING_PART ? "Pending" : "InProgress";
    }

    /** As Gcore describes it. */
    ObjectNode json(Instant now) {
        String status = status(now);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("uuid", uuid.toString()).put("status", status).put("created_at", createdAt.toString())
                .put("updated_at", now.toString()).put("task_type", "Report")
                .put("user_id", USER_ID).put("client_id", CLIENT_ID);
        json.set("parameters", parameters);
        ObjectNode notes = json.putObject("processing_notes");
        if (status.equals("Pending")) {
            notes.putNull("records_to_process");
        } else {
            notes.put("records_to_process", RECORDS);
        }
        if (status.equals("Failed")) {
            notes.putArray("errors").add("The statistics are not complete.");
        } else {
            notes.putNull("errors");
        }
        notes.putNull("warnings");
        return json;
    }

    /** What was asked about it. */
    synchronized ObjectNode journal() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("uuid", uuid.toString()).put("created_at", createdAt.toString())
                .put("status_requests", statusRequests).put("downloads", downloads.get());
        if (statusRequests > 1) {
            json.put("min_gap_millis", minGapMillis);
        }
        json.set("parameters", parameters);
        return json;
    }
}
