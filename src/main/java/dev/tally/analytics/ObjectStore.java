package dev.tally.analytics;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.tracing.Spans;
import io.micrometer.core.instrument.MeterRegistry;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Makes single requests to S3, and says what their faults mean. The client is made when it is first needed. */
@ApplicationScoped
class ObjectStore {
    private static final int REDIRECTS = 300;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    /** Tries are ours to count: the client's own would multiply with them. */
    private static final SdkPlugin ONE_TRY = client -> client.overrideConfiguration(client.overrideConfiguration()
            .toBuilder().retryStrategy(AwsRetryStrategy.doNotRetry()).build());

    private final Supplier<S3Client> client;
    private final MeterRegistry registry;
    private final Semaphore connections;
    private final long maxRequestNanos;
    private final AwsRequestOverrideConfiguration once;

    @Inject
    ObjectStore(Instance<S3Client> client, StoreConfig config, MeterRegistry registry) {
        this((Supplier<S3Client>) client::get, config, registry);
    }

    ObjectStore(Supplier<S3Client> client, StoreConfig config, MeterRegistry registry) {
        this.client = client;
        this.registry = registry;
        // Fair: a reading that has just begun is not kept waiting by one that always wants more.
        this.connections = new Semaphore(config.maxConnections(), true);
        this.maxRequestNanos = TimeUnit.MILLISECONDS.toNanos(config.maxRequestMillis());
        // Of a GET, only until the body begins.
        this.once = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(Duration.ofMillis(config.maxRequestMillis())).addPlugin(ONE_TRY).build();
    }

    /**
     * The newest version of an object, by HEAD.
     *
     * @throws StoreFault MISSING too when there is no such bucket: an answer to HEAD does not say which
     */
    StoredObject head(String bucket, String key) {
        return timed("head", () -> {
            HeadObjectResponse head = client.get()
                    .headObject(ask -> ask.bucket(bucket).key(key).overrideConfiguration(once));
            return version(bucket, key, head.eTag(), head.contentLength(), head.lastModified());
        });
    }

    /** Some of the objects whose keys begin with a prefix, by LIST. */
    Page list(String bucket, String prefix, @Nullable String token) {
        return timed("list", () -> {
            ListObjectsV2Response list = client.get().listObjectsV2(
                    ask -> ask.bucket(bucket).prefix(prefix).continuationToken(token).overrideConfiguration(once));
            // Java takes an answer that ends within its headers for one without a body, and the client that for no keys.
            if (list.isTruncated() == null && list.name() == null) {
                throw new StoreFault(StoreFault.Kind.FAILED, "The store broke off within a list", null);
            }
            boolean more = Boolean.TRUE.equals(list.isTruncated());
            if (more && (list.nextContinuationToken() == null || list.nextContinuationToken().equals(token))) {
                throw new StoreFault(StoreFault.Kind.FAILED, "The store does not say where a list goes on", null);
            }
            return new Page(list.contents().stream()
                    .map(it -> version(bucket, it.key(), it.eTag(), it.size(), it.lastModified())).toList(),
                    more ? Optional.of(list.nextContinuationToken()) : Optional.empty());
        });
    }

    /**
     * Fills what a stretch lacks, by one GET. When that breaks off, what came before stays in it.
     *
     * @throws StoreFault CHANGED or MISSING when the object is no longer this version
     */
    void read(StoredObject object, Stretch stretch) {
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            throw Tries.interrupted(e);
        }
        int before = stretch.filled();
        try {
            boolean unused = timed("get", () -> {
                get(object, stretch);
                return true;
            });
        } finally {
            connections.release();
            registry.counter("tally.analytics.store.bytes").increment(Math.max(0, stretch.filled() - before));
        }
    }

    private void get(StoredObject object, Stretch stretch) {
        long deadline = System.nanoTime() + maxRequestNanos;
        AskedRange asked = AskedRange.of(object, stretch);
        try (ResponseInputStream<GetObjectResponse> body = client.get().getObject(get -> get.bucket(object.bucket())
                .key(object.key()).range(asked.header()).ifMatch(object.etag()).overrideConfiguration(once))) {
            try {
                GetObjectResponse answer = body.response();
                asked.check(answer.eTag(), answer.contentRange(), answer.contentLength());
                fill(stretch, body, deadline);
            } catch (IOException | RuntimeException e) {
                body.abort();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreFault(kindOf(e), "The store broke off", e);
        }
    }

    private static void fill(Stretch stretch, ResponseInputStream<GetObjectResponse> body, long deadline)
            throws IOException {
        while (stretch.missing() > 0) {
            int read = body.read(stretch.bytes(), stretch.filled(), stretch.missing());
            if (read < 0) {
                throw new StoreFault(StoreFault.Kind.FAILED, "The store broke off", null);
            }
            stretch.advance(read);
            if (System.nanoTime() - deadline > 0 && stretch.missing() > 0) {
                throw new StoreFault(StoreFault.Kind.TIMED_OUT, "The store is too slow", null);
            }
        }
        // Also where the client compares checksums, if the store gave any.
        boolean ended = false;
        try {
            ended = body.read() < 0;
        } finally {
            if (!ended) {
                stretch.clear();
            }
        }
        if (!ended) {
            throw new StoreFault(StoreFault.Kind.FAILED, "The store gave more bytes than were asked for", null);
        }
    }

    private static StoredObject version(String bucket, String key, @Nullable String etag, @Nullable Long sizeBytes,
            @Nullable Instant lastModified) {
        if (etag == null || AskedRange.isCut(etag) || sizeBytes == null || lastModified == null) {
            throw new StoreFault(StoreFault.Kind.FAILED, "The store does not say which version an object is", null);
        }
        return new StoredObject(bucket, key, etag, sizeBytes, lastModified);
    }

    private <T> T timed(String operation, Supplier<T> request) {
        long begin = System.nanoTime();
        String outcome = StoreFault.Kind.FAILED.tag();
        try {
            T answer = Spans.call("s3", operation, request);
            outcome = "ok";
            return answer;
        } catch (StoreFault e) {
            outcome = e.kind().tag();
            throw e;
        } catch (RuntimeException e) {
            // Not only the client's own: it lets others through when an answer is garbage.
            StoreFault fault = new StoreFault(kindOf(e), "The store did not do what it was asked", e);
            outcome = fault.kind().tag();
            throw fault;
        } finally {
            registry.timer("tally.analytics.store.requests", "operation", operation, "outcome", outcome)
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    private static StoreFault.Kind kindOf(Throwable fault) {
        if (fault instanceof SdkServiceException answer) {
            return kindOf(answer);
        }
        for (Throwable at = fault; at != null; at = at.getCause()) {
            if (at instanceof SocketTimeoutException || at instanceof ApiCallTimeoutException) {
                return StoreFault.Kind.TIMED_OUT;
            }
        }
        return StoreFault.Kind.FAILED;
    }

    private static StoreFault.Kind kindOf(SdkServiceException answer) {
        boolean clock = answer instanceof AwsServiceException amazon && amazon.isClockSkewException();
        return switch (answer.statusCode()) {
            case NOT_FOUND -> StoreFault.Kind.MISSING;
            // The range was within the version that was seen.
            case PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE -> StoreFault.Kind.CHANGED;
            case REQUEST_TIMEOUT, CONFLICT, TOO_MANY_REQUESTS -> StoreFault.Kind.FAILED;
            // Of 4xx, and of 3xx for another region. After a wrong time the client has set its clock by the answer; a
            // status below is one that broke off.
            default -> answer.statusCode() >= REDIRECTS && answer.statusCode() < SERVER_ERRORS && !clock
                    && !answer.isThrottlingException() ? StoreFault.Kind.REFUSED : StoreFault.Kind.FAILED;
        };
    }

    /** @param next where the list goes on, if it does */
    record Page(List<StoredObject> objects, Optional<String> next) {}
}
