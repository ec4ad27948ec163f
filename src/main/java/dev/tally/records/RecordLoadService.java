package dev.tally.records;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.zip.ZipException;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.upload.UploadFormat;
import dev.tally.platform.upload.UploadMetrics;
import dev.tally.platform.upload.UploadMetrics.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/**
 * Loads records, block by block while they come. What is sent again with the same {@code Idempotency-Key} goes by the same
 * number, and so changes nothing that is there already.
 */
@Startup // So that its metrics are zero before they are one.
@ApplicationScoped
class RecordLoadService {
    private static final String STORED_STAYS = "What came before may be loaded, and stays. Send the same upload again,"
            + " with the same Idempotency-Key if it had one.";

    /** In a kept answer, of the upload as it was sent: its fingerprint was made before its bytes came. */
    private static final String DIGEST = "ETag";

    private final RecordLoadQueries queries;
    private final RecordQueries records;
    private final IdempotencyService idempotency;
    private final ObjectMapper json;
    private final UploadMetrics metrics;
    private final RecordsConfig config;
    private final Semaphore permits;

    RecordLoadService(RecordLoadQueries queries, RecordQueries records, IdempotencyService idempotency,
            ObjectMapper json, MeterRegistry registry, RecordsConfig config) {
        this.queries = queries;
        this.records = records;
        this.idempotency = idempotency;
        this.json = json;
        this.metrics = new UploadMetrics(registry).ofUploads("tally.records.loads", Outcome.LOADED, Outcome.FAILED)
                .ofRows("tally.records.rows", Outcome.LOADED, Outcome.REJECTED);
        this.config = config;
        this.permits = new Semaphore(config.load().maxConcurrent());
    }

    /**
     * Who sends an upload, and again perhaps.
     *
     * @param caller whose key it is
     * @param key the header's value
     * @param requestFingerprint of the request without its body
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Sender(String caller, Optional<String> key, byte[] requestFingerprint) {
        /** Without what the caller keeps for itself. */
        @Override
        public String toString() {
            return "Sender[caller=" + caller + "]";
        }
    }

    /** @param replayed whether it is the answer to an earlier request with the same key */
    record Loaded(StoredAnswer answer, boolean replayed) {}

    /**
     * Loads an upload, which is read once and not kept in memory. One that was loaded already is answered at any time.
     *
     * @throws ProblemException when it cannot be read or stored to its end; what was stored stays
     */
    Loaded load(InputStream upload, UploadFormat format, Sender sender) {
        if (!records.isConfigured()) {
            throw RecordFaults.notConfigured();
        }
        return sender.key().isEmpty()
                ? new Loaded(answer(limited(() -> load(upload, format, queries.nextNumber(), Optional.empty()))), false)
                : loadOnce(upload, format, sender, sender.key().get());
    }

    /** Runs at once, or not at all. */
    private <T> T limited(Supplier<T> work) {
        if (!permits.tryAcquire()) {
            throw new ProblemException(ProblemCode.TOO_MANY_LOADS, "The service loads "
                    + config.load().maxConcurrent()
                    + " uploads of records at a time, and that many are under way. Send this one again later.");
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }

    private Loaded loadOnce(InputStream upload, UploadFormat format, Sender sender, String key) {
        Claim claim = idempotency.claim(sender.caller(), key, sender.requestFingerprint());
        DigestInputStream digested = new DigestInputStream(upload, RequestFingerprint.sha256());
        return switch (claim) {
            case Claim.Replay replay -> new Loaded(without(sameUpload(replay.answer(), digested)), true);
            case Claim.First first -> new Loaded(without(loadFirst(digested, format, first)), false);
        };
    }

    private static StoredAnswer sameUpload(StoredAnswer earlier, DigestInputStream upload) {
        if (!digestOfAll(upload).equals(earlier.headers().get(DIGEST))) {
            throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "The Idempotency-Key was sent before with another upload. Use a new key for a new one.");
        }
        return earlier;
    }

    /** The digest is not part of what the client gets. */
    private static StoredAnswer without(StoredAnswer answer) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.remove(DIGEST);
        return new StoredAnswer(answer.status(), headers, answer.body());
    }

    /** Stays open when it was read, so that what may follow is part of the digest. */
    private static final class Kept extends FilterInputStream {
        Kept(InputStream upload) {
            super(upload);
        }

        @Override
        public void close() {
            // The server closes the request's.
        }
    }

    private static String digestOfAll(DigestInputStream upload) {
        try {
            long unused = upload.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID, "The upload broke off. " + STORED_STAYS, e);
        }
        return HexFormat.of().formatHex(upload.getMessageDigest().digest());
    }

    private StoredAnswer loadFirst(DigestInputStream upload, UploadFormat format, Claim.First first) {
        Ticket ticket = first.ticket();
        boolean done = false;
        try {
            StoredAnswer answer = limited(() -> loadFirst(upload, format, ticket, first.subject()));
            done = true;
            return answer;
        } finally {
            if (!done) {
                // With the number, for the next attempt.
                idempotency.release(ticket);
            }
        }
    }

    private StoredAnswer loadFirst(DigestInputStream upload, UploadFormat format, Ticket ticket,
            Optional<String> subject) {
        long number = subject.map(Long::parseLong).orElseGet(queries::nextNumber);
        idempotency.bind(ticket, Long.toString(number));
        StoredAnswer loaded = answer(load(new Kept(upload), format, number, Optional.of(ticket)));
        Map<String, String> headers = new HashMap<>(loaded.headers());
        headers.put(DIGEST, digestOfAll(upload));
        StoredAnswer answer = new StoredAnswer(loaded.status(), headers, loaded.body());
        idempotency.finish(ticket, answer);
        return answer;
    }

    private RecordLoadResponse load(InputStream upload, UploadFormat format, long number, Optional<Ticket> ticket) {
        RecordLoad load = new RecordLoad(number, config, block -> {
            ticket.ifPresent(idempotency::renew);
            queries.insert(number, block);
        });
        UploadFormat.Bounds bounds = new UploadFormat.Bounds(config.load().maxUnpackedBytes(),
                config.load().maxRowLength(), STORED_STAYS);
        boolean done = false;
        try {
            format.read(upload, RecordParser.FIELDS, bounds, load);
            RecordLoadResponse response = load.finish();
            metrics.ended(Outcome.LOADED);
            metrics.rows(Outcome.LOADED, response.loaded());
            metrics.rows(Outcome.REJECTED, response.rejected());
            done = true;
            return response;
        } catch (ClickHouseException e) {
            ProblemException problem = RecordFaults.translated(e);
            throw new ProblemException(problem.code(), problem.detail() + " " + STORED_STAYS, e);
        } catch (ZipException | EOFException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                    "The upload is not gzip, or it breaks off. " + STORED_STAYS, e);
        } catch (IOException | UncheckedIOException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID, "The upload broke off. " + STORED_STAYS, e);
        } finally {
            if (!done) {
                // What came before may be loaded.
                metrics.ended(Outcome.FAILED);
            }
        }
    }

    private StoredAnswer answer(RecordLoadResponse response) {
        try {
            return new StoredAnswer(200, Map.of("Content-Type", "application/json"), json.writeValueAsBytes(response));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A response of plain values is JSON", e);
        }
    }
}
