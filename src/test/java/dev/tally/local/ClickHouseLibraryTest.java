package dev.tally.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With a small package and a program in place of npm, which counts how often it is called. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ClickHouseLibraryTest {
    private final Path directory;
    private final Path cache;
    private final Path npm;
    private final Path pack;

    ClickHouseLibraryTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.cache = directory.resolve("cache");
        this.pack = directory.resolve("pack.tgz");
        this.npm = directory.resolve("npm");
        Files.createDirectory(directory.resolve("package"));
        Files.writeString(directory.resolve("package/libchdb.so"), "the library");
        new ProcessBuilder("tar", "-czf", pack.toString(), "package").directory(directory.toFile()).start().waitFor();
        // $4 is the directory that comes behind --pack-destination.
        Files.writeString(npm, "#!/bin/sh\necho \"$2\" >>'" + directory + "/calls'\ncp '" + pack + "' \"$4/a.tgz\"\n");
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void isFetchedOnce() throws Exception {
        Path library = library(npm).find().library().orElseThrow();
        Path again = library(npm).find().library().orElseThrow();

        assertThat(library).isEqualTo(again).hasContent("the library");
        assertThat(calls()).containsExactly("@chdb/lib-linux-x64-gnu@26.7.3-stable.1");
        assertThat(left()).containsExactlyInAnyOrder("libchdb.so", "lock");
    }

    @Test
    void isFetchedOnceByTwoAtATime() throws Exception {
        ClickHouseLibrary library = library(npm);
        Callable<ClickHouseLibrary.Search> find = library::find;

        List<Future<ClickHouseLibrary.Search>> searches;
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            searches = executor.invokeAll(List.of(find, find));
        }

        for (Future<ClickHouseLibrary.Search> search : searches) {
            assertThat(search.resultNow().library()).isPresent();
        }
        assertThat(calls()).hasSize(1);
    }

    @Test
    void isNotUsedWhenThePackageIsAnother() throws Exception {
        ClickHouseLibrary library = library(npm);
        Files.write(pack, new byte[]{0});

        ClickHouseLibrary.Search search = library.find();

        assertThat(search.library()).isEmpty();
        assertThat(search.reason()).contains("is not what it should be");
        assertThat(left()).containsExactly("lock");
    }

    @Test
    void replacesWhatAKilledProcessHasLeft() throws Exception {
        Files.createDirectories(cache.resolve("fetch-123/package"));
        Files.writeString(cache.resolve("fetch-123/package/libchdb.so"), "half of the li");

        Path library = library(npm).find().library().orElseThrow();

        assertThat(library).hasContent("the library");
        assertThat(left()).containsExactlyInAnyOrder("libchdb.so", "lock");
    }

    @Test
    void isMissingWithAReasonWhereThereIsNoNpm() throws Exception {
        ClickHouseLibrary.Search search = library(directory.resolve("no-npm")).find();

        assertThat(search.library()).isEmpty();
        assertThat(search.reason()).isEqualTo("ClickHouse is not here: there is no no-npm, which fetches it.");
    }

    @Test
    void isMissingWithAReasonWhereNpmFails() throws Exception {
        Files.writeString(npm, "#!/bin/sh\necho 'a long story'\nexit 1\n");

        ClickHouseLibrary.Search search = library(npm).find();

        assertThat(search.library()).isEmpty();
        assertThat(search.reason()).contains("pack @chdb/lib-linux-x64-gnu@26.7.3-stable.1\" failed")
                .doesNotContain("a long story");
    }

    @Test
    void isKeptInTheCacheDirectoryOfTheUser() {
        assertThat(ClickHouseLibrary.cacheDirectory(Map.of("XDG_CACHE_HOME", "/cache")))
                .isEqualTo(Path.of("/cache/tally/chdb-26.7.3-stable.1"));
        assertThat(ClickHouseLibrary.cacheDirectory(Map.of("XDG_CACHE_HOME", "cache")))
                .isEqualTo(ClickHouseLibrary.cacheDirectory(Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/tally/chdb-26.7.3-stable.1"));
    }

    private ClickHouseLibrary library(Path program) throws IOException, NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(pack));
        return new ClickHouseLibrary(cache, program.toString(), Base64.getEncoder().encodeToString(hash));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
