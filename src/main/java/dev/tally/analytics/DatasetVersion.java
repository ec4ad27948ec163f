package dev.tally.analytics;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The objects of a dataset as the store has them at one time.
 *
 * @param objects in the order of their keys, at least one
 * @param digest of their keys and ETags: the same as long as none has changed, come, or gone
 */
record DatasetVersion(List<StoredObject> objects, String digest) {
    DatasetVersion {
        objects = List.copyOf(objects);
    }

    static DatasetVersion of(List<StoredObject> objects) {
        MessageDigest hash = Digests.sha256();
        for (StoredObject object : objects) {
            // Neither a bucket nor an ETag has a line break, and a key is told from the next by its ETag.
            String line = object.bucket() + "\n" + object.etag() + "\n" + object.key() + "\n";
            hash.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return new DatasetVersion(objects, HexFormat.of().formatHex(hash.digest()));
    }

    boolean isSameAs(DatasetVersion other) {
        return digest.equals(other.digest);
    }

    /** Whether they are part files below a prefix, rather than the one object that the dataset names. */
    boolean isOfParts(Dataset dataset) {
        return objects.size() > 1 || !objects.getFirst().key().equals(dataset.key());
    }

    /** The object's as the store gives it, or one that stands for all parts; quotation marks included. */
    String etag(Dataset dataset) {
        return isOfParts(dataset) ? "\"" + digest + "\"" : objects.getFirst().etag();
    }

    long sizeBytes() {
        return objects.stream().mapToLong(StoredObject::sizeBytes).sum();
    }

    Instant lastModified() {
        return objects.stream().map(StoredObject::lastModified).max(Comparator.naturalOrder()).orElseThrow();
    }
}
