package dev.tally.platform.webhook;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.core.http.HttpClientResponse;

/** An answer of which only the status counts; the body is read as far as manners ask, and dropped. */
final class Answer {
    private static final int NONE = 0;

    private final int maxBodyBytes;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private volatile int status = NONE;
    /** Only on the event loop. */
    private long bodyBytes;

    Answer(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    /** What to do once nobody waits for it any more; at once if that is so already. */
    void onEnd(Runnable action) {
        var unused = ended.whenComplete((_, _) -> action.run());
    }

    /** Its head has come. */
    void begin(HttpClientResponse response) {
        status = response.statusCode();
        response.handler(part -> {
            bodyBytes += part.length();
            if (bodyBytes > maxBodyBytes) {
                ended.complete(status);
            }
        });
        response.endHandler(_ -> ended.complete(status));
        response.exceptionHandler(_ -> ended.complete(status));
    }

    void fail(Throwable fault) {
        ended.completeExceptionally(fault);
    }

    /**
     * Waits for it. The status counts however the body ends.
     *
     * @throws TimeoutException when there is none in time; nobody waits for it any more then
     */
    int status(long maxNanos) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return ended.get(maxNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            ended.completeExceptionally(late);
            if (status == NONE) {
                throw late;
            }
            return status;
        } catch (InterruptedException interrupted) {
            ended.completeExceptionally(interrupted);
            throw interrupted;
        }
    }
}
