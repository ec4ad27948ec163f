package dev.tally.analytics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** The objects of datasets, in S3. */
@ApplicationScoped
class AnalyticsStore implements ObjectFinder {
    /** S3's own order of keys, which not every store keeps. */
    private static final Comparator<StoredObject> BY_KEY = Comparator
            .comparing(object -> object.key().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final ObjectStore store;
    private final StoreConfig config;
    private final Tries tries;

    AnalyticsStore(ObjectStore store, StoreConfig config) {
        this.store = store;
        this.config = config;
        this.tries = new Tries(config);
    }

    /**
     * The newest versions of what a dataset names, at least one, in the order of their keys (that of UTF-8's bytes). Costs
     * one HEAD, or LISTs: when there is no object of this key, it is taken for a directory, as Spark and others write.
     *
     * @throws ProblemException when there is nothing, or the store does not say
     */
    @Override
    public List<StoredObject> find(Dataset dataset) {
        String key = dataset.key();
        try {
            if (key.isEmpty() || key.endsWith("/")) {
                return list(dataset, key);
            }
            Optional<StoredObject> object = one(dataset);
            return object.isPresent() ? List.of(object.get()) : list(dataset, key + "/");
        } catch (StoreFault fault) {
            throw fault.kind() == StoreFault.Kind.MISSING
                    ? notFound(dataset)
                    : problem("the dataset " + dataset.name(), fault);
        }
    }

    /**
     * The first bytes of an object, fewer when it has not so many. An empty one is not asked for: it has no range.
     *
     * @throws ObjectChangedException when it is no longer this version
     * @throws ProblemException when the store does not give them
     */
    byte[] head(StoredObject object, int bytes) {
        int length = (int) Math.min(bytes, object.sizeBytes());
        byte[] head = new byte[length];
        if (length > 0) {
            fill(object, new Stretch(0, length, head));
        }
        return head;
    }

    /**
     * Reads an object from an offset to its end. To be closed by the caller.
     *
     * @param progress is told of the bytes of a part when it is whole
     */
    ObjectParts open(StoredObject object, long from, Engine.Progress progress) {
        return new ObjectParts(object, from, config, stretch -> fill(object, stretch), progress);
    }

    private void fill(StoredObject object, Stretch stretch) {
        try {
            boolean unused = tries.call(() -> {
                store.read(object, stretch);
                return true;
            });
        } catch (StoreFault fault) {
            throw switch (fault.kind()) {
                case CHANGED, MISSING -> new ObjectChangedException(object.key());
                default -> problem(object.key(), fault);
            };
        }
    }

    private Optional<StoredObject> one(Dataset dataset) {
        try {
            return Optional.of(tries.call(() -> store.head(dataset.bucket(), dataset.key())));
        } catch (StoreFault fault) {
            if (fault.kind() == StoreFault.Kind.MISSING) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    private List<StoredObject> list(Dataset dataset, String prefix) {
        List<StoredObject> parts = new ArrayList<>();
        Optional<String> token = Optional.empty();
        int listed = 0;
        do {
            String from = token.orElse(null);
            ObjectStore.Page page = tries.call(() -> store.list(dataset.bucket(), prefix, from));
            // A page without keys counts too, so that there is an end of them.
            listed += Math.max(1, page.objects().size());
            if (listed > config.maxObjects()) {
                throw new ProblemException(ProblemCode.CSV_UNREADABLE, "The dataset " + dataset.name()
                        + " has more objects under " + prefix + " than the service reads: " + config.maxObjects()
                        + ". Its operator can raise the bound.");
            }
            page.objects().stream().filter(isPart(prefix)).forEach(parts::add);
            token = page.next();
        } while (token.isPresent());
        if (parts.isEmpty()) {
            throw notFound(dataset);
        }
        parts.sort(BY_KEY);
        return parts;
    }

    /** Not markers, not what Spark and others leave beside the parts (_SUCCESS, .part-0.csv.crc), not empty. */
    private static Predicate<StoredObject> isPart(String prefix) {
        return object -> object.sizeBytes() > 0 && !object.key().endsWith("/")
                && Arrays.stream(object.key().substring(prefix.length()).split("/"))
                        .noneMatch(segment -> segment.startsWith("_") || segment.startsWith("."));
    }

    private static ProblemException notFound(Dataset dataset) {
        return new ProblemException(ProblemCode.DATASET_NOT_FOUND,
                "The dataset " + dataset.name() + " is not there: there is no object " + dataset.key()
                        + " in its store.");
    }

    private static ProblemException problem(String what, StoreFault fault) {
        return switch (fault.kind()) {
            case REFUSED -> new ProblemException(ProblemCode.STORE_REFUSED,
                    "The service may not read " + what + " in its store.", fault);
            case TIMED_OUT -> new ProblemException(ProblemCode.STORE_UNAVAILABLE,
                    "The store of " + what + " does not answer in time.", fault);
            default -> new ProblemException(ProblemCode.STORE_UNAVAILABLE,
                    "The store of " + what + " fails or cannot be reached.", fault);
        };
    }
}
