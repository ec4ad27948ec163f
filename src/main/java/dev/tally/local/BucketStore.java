package dev.tally.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.blobstore.BlobStore;

import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** A bucket of the local S3, past its HTTP: what is put here has an ETag and is there at once, whole. */
public final class BucketStore {
    private final Path directory;
    private final BlobStore objects;
    private final String name;

    private BucketStore(Path directory, BlobStore objects, String name) {
        this.directory = directory;
        this.objects = objects;
        this.name = name;
    }

    /**
     * Opens it, and makes it if it is not there.
     *
     * @param directory that of the {@link LocalS3}, of this process or another
     */
    public static BucketStore open(Path directory, String name) {
        BlobStore objects = objectsIn(directory);
        if (!objects.containerExists(name)) {
            objects.createContainer(name);
        }
        return new BucketStore(directory, objects, name);
    }

    static BlobStore objectsIn(Path directory) {
        Properties properties = new Properties();
        // Of a relative one the server lists nothing.
        properties.setProperty("jclouds.filesystem.basedir", directory.toAbsolutePath().toString());
        return BlobStores.create("filesystem-nio2", properties);
    }

    /** Puts an object, in place of the one that is there. */
    public void put(String key, byte[] content) {
        put(PutObjectRequest.builder(), key, content);
    }

    /** Puts an object with a content encoding, such as {@code gzip}. */
    public void put(String key, byte[] content, String contentEncoding) {
        put(PutObjectRequest.builder().contentEncoding(contentEncoding), key, content);
    }

    private void put(PutObjectRequest.Builder request, String key, byte[] content) {
        objects.putBlob(request.bucket(name).key(key).contentType("text/csv").contentLength((long) content.length)
                .build(), new ByteArrayInputStream(content));
    }

    /** Deletes an object, if it is there. */
    public void delete(String key) {
        objects.removeBlob(name, key);
    }

    public boolean has(String key) {
        return objects.blobExists(name, key);
    }

    /** The keys of all objects, sorted. */
    public List<String> keys() {
        Path bucket = directory.resolve(name);
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile).map(file -> bucket.relativize(file).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
