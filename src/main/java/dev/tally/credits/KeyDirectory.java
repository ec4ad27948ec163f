package dev.tally.credits;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.ChannelListener;
import dev.tally.platform.postgres.Channels;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.ConsumerKeys;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * The keys in the database. Good ones are remembered for a short time, and only as long as this process is sure to hear of
 * revocations: when it is not, each request asks the database, which is slower and never wrong.
 */
@ApplicationScoped
class KeyDirectory implements ConsumerKeys {
    /** Where triggers announce that a key or its user has changed. */
    private static final String CHANNEL = "tally_keys";

    private final KeyLookUpQueries queries;
    private final KeyUses uses;
    private final KeysConfig config;
    private final Clock clock;
    private final ChannelListener changes;
    private final long maxSharedNanos;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
    /** Those that were good when they were looked up last; not believed, but worth another look. */
    private final Set<String> good = ConcurrentHashMap.newKeySet();
    private final Map<String, LookUp> lookUps = new ConcurrentHashMap<>();

    KeyDirectory(KeyLookUpQueries queries, KeyUses uses, Channels channels, KeysConfig config, Clock clock) {
        this.queries = queries;
        this.uses = uses;
        this.config = config;
        this.clock = clock;
        changes = channels.listen(CHANNEL, config.heartbeatMillis(), config.maxSilenceMillis());
        maxSharedNanos = TimeUnit.MILLISECONDS.toNanos(config.maxSharedMillis());
    }

    /**
     * A key that was good.
     *
     * @param heard what had been heard of changes when it was looked up; later changes may be of this key
     */
    private record Remembered(Consumer consumer, long heard, Instant until) {}

    /** One that is under way, for all who ask for the key meanwhile. */
    private record LookUp(long startedNanos, Promise<Optional<Consumer>> found) {}

    @Override
    public Uni<Optional<Consumer>> find(String apiKey) {
        if (!ApiKey.mayExist(apiKey)) {
            return Uni.createFrom().item(Optional.empty());
        }
        String hash = ApiKey.sha256Hex(apiKey);
        OptionalLong heard = changes.heard();
        Optional<Consumer> known = recall(hash, heard);
        if (known.isPresent()) {
            return Uni.createFrom().item(ifGood(known));
        }
        Future<Optional<Consumer>> found = lookUp(hash, heard);
        return Uni.createFrom().emitter(asker -> onOwnContext(found, result -> {
            if (result.succeeded()) {
                asker.complete(ifGood(result.result()));
            } else {
                asker.fail(result.cause());
            }
        }));
    }

    private Optional<Consumer> recall(String hash, OptionalLong heard) {
        Remembered entry = remembered.get(hash);
        return entry != null && heard.isPresent() && entry.heard == heard.getAsLong()
                && clock.instant().isBefore(entry.until) ? Optional.of(entry.consumer) : Optional.empty();
    }

    private Future<Optional<Consumer>> lookUp(String hash, OptionalLong heard) {
        long nowNanos = System.nanoTime();
        Promise<Optional<Consumer>> own = Promise.promise();
        // An answer that began long ago may be that of before a revocation.
        LookUp lookUp = lookUps.compute(hash, (_, running) -> running != null
                && nowNanos - running.startedNanos < maxSharedNanos ? running : new LookUp(nowNanos, own));
        if (lookUp.found.equals(own)) {
            queries.find(hash).onComplete(result -> {
                lookUps.remove(hash, lookUp);
                if (result.succeeded()) {
                    note(hash, result.result().filter(this::isGood).isPresent());
                    result.result().ifPresent(consumer -> remember(hash, consumer, heard));
                }
                own.handle(result);
            });
        }
        return lookUp.found.future();
    }

    /** Unless something was revoked while it was looked up, or might have been. */
    private void remember(String hash, Consumer consumer, OptionalLong heard) {
        if (heard.isEmpty() || !heard.equals(changes.heard()) || config.rememberedEntries() == 0) {
            return;
        }
        if (remembered.size() >= config.rememberedEntries()) {
            remembered.clear();
        }
        remembered.put(hash, new Remembered(consumer, heard.getAsLong(),
                clock.instant().plusSeconds(config.rememberedSeconds())));
    }

    private Optional<Consumer> ifGood(Optional<Consumer> found) {
        Optional<Consumer> stillGood = found.filter(this::isGood);
        stillGood.ifPresent(consumer -> uses.note(consumer.keyId(), clock.instant()));
        return stillGood;
    }

    private boolean isGood(Consumer consumer) {
        return consumer.expiresAt().filter(end -> !clock.instant().isBefore(end)).isEmpty();
    }

    @Override
    public boolean wasGood(String apiKey) {
        // Keys of others may be any text that somebody chose.
        return ApiKey.isWellFormed(apiKey) && good.contains(ApiKey.sha256Hex(apiKey));
    }

    private void note(String hash, boolean isGood) {
        if (!isGood) {
            good.remove(hash);
            return;
        }
        if (good.size() >= config.rememberedEntries()) {
            good.clear();
        }
        if (config.rememberedEntries() > 0) {
            good.add(hash);
        }
    }

    /** A request goes on where it was, also when another one made the look-up. */
    private static void onOwnContext(Future<Optional<Consumer>> found,
            java.util.function.Consumer<AsyncResult<Optional<Consumer>>> deliver) {
        @Nullable
        Context own = Vertx.currentContext();
        found.onComplete(result -> {
            if (own == null || own == Vertx.currentContext()) {
                deliver.accept(result);
            } else {
                own.runOnContext(_ -> deliver.accept(result));
            }
        });
    }
}
