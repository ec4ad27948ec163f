package dev.tally.analytics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.GZIPOutputStream;

/** Objects of a test, in a bucket and in memory. */
final class TestObjects implements ObjectFinder {
    private final BiConsumer<String, byte[]> bucket;
    /** In the order of their keys, which for keys of the tests is that of their texts. */
    private final Map<String, byte[]> contents = new TreeMap<>();

    /** @param bucket takes a key and its content */
    TestObjects(BiConsumer<String, byte[]> bucket) {
        this.bucket = bucket;
    }

    void put(String key, String content) {
        put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    void put(String key, byte[] content) {
        contents.put(key, content.clone());
        bucket.accept(key, content);
    }

    void putPacked(String key, byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        put(key, packed.toByteArray());
    }

    List<String> keys() {
        return List.copyOf(contents.keySet());
    }

    byte[] content(StoredObject object) {
        return Objects.requireNonNull(contents.get(object.key())).clone();
    }

    @Override
    public List<StoredObject> find(Dataset dataset) {
        return contents.entrySet().stream()
                .filter(it -> dataset.key().endsWith("/")
                        ? it.getKey().startsWith(dataset.key())
                        : it.getKey().equals(dataset.key()))
                .map(it -> new StoredObject(dataset.bucket(), it.getKey(), etag(it.getValue()), it.getValue().length,
                        Instant.EPOCH))
                .toList();
    }

    /** As S3 makes it of an object that came in one piece. */
    private static String etag(byte[] content) {
        try {
            return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        contents.forEach((key, content) -> text.append(key).append('=')
                .append(HexFormat.of().formatHex(content, 0, Math.min(content.length, 400))).append(' '));
        return text.toString();
    }
}
