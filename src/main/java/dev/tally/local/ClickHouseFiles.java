package dev.tally.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The files around the data of a local ClickHouse; those with something secret are their owner's only.
 *
 * @param directory of all
 */
record ClickHouseFiles(Path directory) {
    /** The named collection by which queries reach the bucket, without holding its credentials. */
    private static final String COLLECTION = "tally_s3";
    /** Of a server for development: it shall not push everything else out of the machine. */
    private static final long MAX_MEMORY_BYTES = 4L << 30;

    Path data() {
        return directory.resolve("data");
    }

    Path config() {
        return directory.resolve("config.xml");
    }

    Path users() {
        return directory.resolve("users.xml");
    }

    /** For a developer who wants to look into it. */
    Path password() {
        return directory.resolve("password");
    }

    /** The process id of the server. */
    Path process() {
        return directory.resolve("server.pid");
    }

    /** What the server says when it does not start. */
    Path log() {
        return directory.resolve("server.log");
    }

    void write(String user, String password, Optional<BucketAccess> bucket, Optional<ClusterMember> member)
            throws IOException {
        Files.createDirectories(directory);
        writeSecret(password(), password);
        writeSecret(users(), usersXml(user, password));
        writeSecret(config(), configXml(bucket, member));
    }

    /**
     * {@code default} is whom the server's own command line works as, which has no password. So it may do no more than
     * that needs.
     */
    private static String usersXml(String user, String password) {
        return """
               <clickhouse>
                 <profiles><default/></profiles>
                 <quotas><default/></quotas>
                 <users>
                   <default>
                     <password></password>
                     <networks><ip>127.0.0.1</ip></networks>
                     <profile>default</profile>
                     <quota>default</quota>
                     <grants><query>GRANT SYSTEM LISTEN, CREATE TEMPORARY TABLE ON *.*</query></grants>
                   </default>
                   <%1$s>
                     <password_sha256_hex>%2$s</password_sha256_hex>
                     <networks><ip>127.0.0.1</ip></networks>
                     <profile>default</profile>
                     <quota>default</quota>
                     <named_collection_control>1</named_collection_control>
                   </%1$s>
                 </users>
               </clickhouse>
               """.formatted(user, sha256(password));
    }

    private String configXml(Optional<BucketAccess> bucket, Optional<ClusterMember> member) {
        String collection = bucket
                .map(access -> """
                                 <named_collections>
                                   <%1$s>
                                     <url>%2$s</url>
                                     <access_key_id>%3$s</access_key_id>
                                     <secret_access_key>%4$s</secret_access_key>
                                   </%1$s>
                                 </named_collections>
                               """.formatted(COLLECTION, escaped(access.url()), escaped(access.accessKeyId()),
                        escaped(access.secretAccessKey())))
                .orElse("");
        return """
               <clickhouse>
                 <users_config>%s</users_config>
                 <max_server_memory_usage>%d</max_server_memory_usage>
               %s%s</clickhouse>
               """.formatted(escaped(users().toString()), MAX_MEMORY_BYTES, collection,
                member.map(ClusterMember::xml).orElse(""));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String sha256(String password) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static void writeSecret(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }
}
