package dev.tally.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A form in which the application is packaged, and how it is started. */
enum Packaging {
    FAST_JAR("fast-jar", "quarkus-app/quarkus-run.jar") {
        @Override
        ProcessBuilder command(Path buildDirectory, List<String> options) throws IOException {
            return java(options, List.of("-jar", find(buildDirectory).toString()));
        }
    },
    /** {@code ./mvnw verify} leaves it. */
    AOT_CACHE("fast-jar with AOT cache", "quarkus-app/tally.args") {
        @Override
        ProcessBuilder command(Path buildDirectory, List<String> options) throws IOException {
            // A cache that does not fit would otherwise be left aside without a word.
            List<String> strict = new ArrayList<>(options);
            strict.add("-XX:AOTMode=on");
            return java(strict, List.of("@tally.args")).directory(buildDirectory.resolve("quarkus-app").toFile());
        }
    },
    /** {@code ./mvnw verify -Dnative} leaves it. */
    NATIVE("native binary", "*-runner") {
        @Override
        ProcessBuilder command(Path buildDirectory, List<String> options) throws IOException {
            List<String> command = new ArrayList<>(List.of(find(buildDirectory).toString()));
            command.addAll(options);
            return new ProcessBuilder(command);
        }
    };

    private final String words;
    private final String file;

    Packaging(String words, String file) {
        this.words = words;
        this.file = file;
    }

    abstract ProcessBuilder command(Path buildDirectory, List<String> options) throws IOException;

    String words() {
        return words;
    }

    /** The file that it is known by. */
    Path find(Path buildDirectory) throws IOException {
        if (!file.startsWith("*")) {
            return buildDirectory.resolve(file);
        }
        try (Stream<Path> files = Files.list(buildDirectory)) {
            return files.filter(each -> each.toString().endsWith(file.substring(1))).findFirst()
                    .orElseThrow(() -> new IOException("There is no native binary; build it first"));
        }
    }

    private static ProcessBuilder java(List<String> options, List<String> program) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(program);
        return Jvm.java(arguments);
    }
}
