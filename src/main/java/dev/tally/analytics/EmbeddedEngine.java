package dev.tally.analytics;

import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

/** Reads objects in this process, with memory that does not depend on their size. */
@ApplicationScoped
class EmbeddedEngine implements Engine {
    private final AnalyticsStore store;
    private final ObjectsReading.Bounds bounds;

    EmbeddedEngine(AnalyticsStore store, AnalyticsConfig config, StoreConfig storeConfig) {
        this.store = store;
        // Who holds all parts of a reading and asks for another would wait for itself.
        int threads = Math.max(1, Math.min(config.scanThreads(), storeConfig.partsAhead() - 1));
        this.bounds = new ObjectsReading.Bounds(threads, config.objectsAtOnce(), config.maxGroups(),
                config.maxRowBytes(), storeConfig.partBytes());
    }

    @Override
    public EngineKind kind() {
        return EngineKind.EMBEDDED;
    }

    @Override
    public Figures compute(Metric metric, List<StoredObject> objects, Progress progress) {
        return new ObjectsReading(metric, object -> open(object, progress), bounds).figures(objects);
    }

    private Chunks open(StoredObject object, Progress progress) {
        ObjectParts parts = store.open(object, 0, progress);
        return new Chunks() {
            @Override
            public Optional<Chunk> next() {
                return parts.next().map(part -> new Chunk(part.bytes(), 0, part.length(), part::release));
            }

            @Override
            public void close() {
                parts.close();
            }
        };
    }
}
