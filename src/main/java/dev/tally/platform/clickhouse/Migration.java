package dev.tally.platform.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of statements for ClickHouse. Each may be run again after it was run, because ClickHouse has no transaction around
 * them. There are two files of each name: for one server, and for the servers of a cluster.
 *
 * @param version from 1, one after the other
 * @param file its name, such as {@code V1__records.sql}
 * @param statements without their semicolons
 * @param checksum of all bytes
 */
record Migration(int version, String file, List<String> statements, String checksum) {
    static final String OF_ONE_SERVER = "clickhouse/migration/";
    /** Its statements have <code>${cluster}</code> and <code>${database}</code> in them. */
    static final String OF_A_CLUSTER = "clickhouse/cluster/";
    private static final Pattern NAME = Pattern.compile("V(\\d{1,4})__[a-z0-9_]+\\.sql");
    /** At the end of a line: a text may hold others. */
    private static final Pattern END_OF_STATEMENT = Pattern.compile(";[ \\t]*(?:\\r?\\n|$)");

    Migration {
        statements = List.copyOf(statements);
    }

    /** Reads one that is part of the application. */
    static Migration read(String directory, String file) {
        try (InputStream in = Migration.class.getClassLoader().getResourceAsStream(directory + file)) {
            if (in == null) {
                throw new IllegalStateException("The application lacks its file " + directory + file);
            }
            return of(file, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Migration of(String file, byte[] content) {
        Matcher name = NAME.matcher(file);
        if (!name.matches()) {
            throw new IllegalArgumentException("Not the name of a migration: " + file);
        }
        List<String> statements = Arrays
                .stream(END_OF_STATEMENT.split(new String(content, StandardCharsets.UTF_8)))
                .map(String::strip).filter(statement -> !statement.isEmpty()).toList();
        return new Migration(Integer.parseInt(name.group(1)), file, statements, sha256(content));
    }

    /** The statements for that cluster and database; their names need no escaping. */
    List<String> statements(Optional<String> cluster, String database) {
        return statements.stream().map(statement -> cluster
                .map(name -> statement.replace("${cluster}", name).replace("${database}", database)).orElse(statement))
                .toList();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
