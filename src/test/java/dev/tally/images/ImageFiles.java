package dev.tally.images;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.tally.images.Dockerfile.Instruction;

/** Puts files where the COPY lines of a Dockerfile want them. */
final class ImageFiles {
    private final Path project;
    private final DockerIgnore ignore;
    private final Function<String, Path> stages;

    /** @param stages the root file system of a stage by its name */
    ImageFiles(Path project, Function<String, Path> stages) {
        this.project = project;
        this.ignore = DockerIgnore.read(project.resolve(".dockerignore"));
        this.stages = stages;
    }

    /** Does what a COPY says. */
    void copy(Instruction copy, Path root) throws IOException {
        List<String> words = copy.words();
        String place = words.getLast();
        Path target = inside(root, place);
        Optional<Path> from = copy.flag("from").map(stages);
        for (String word : words.subList(0, words.size() - 1)) {
            Path source = from.isPresent() ? inside(from.get(), word) : only(word);
            boolean into = place.endsWith("/") && !Files.isDirectory(source);
            copyTree(source, into ? target.resolve(source.getFileName()) : target, from.isPresent());
        }
        if (copy.flag("chmod").isPresent()) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(symbols(copy.flag("chmod").get())));
        }
    }

    /** A container engine would refuse two files where one is meant. */
    private Path only(String pattern) throws IOException {
        Path path = project.resolve(pattern);
        if (!pattern.contains("*")) {
            return path;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path.getParent(), path.getFileName().toString())) {
            List<Path> files = new ArrayList<>();
            found.forEach(files::add);
            if (files.size() != 1) {
                throw new AssertionError(pattern + " has to be one file, and is " + files);
            }
            return files.getFirst();
        }
    }

    private void copyTree(Path source, Path target, boolean all) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                if (!all && ignore.hides(project.relativize(file))) {
                    continue;
                }
                Path place = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(place);
                } else {
                    Files.createDirectories(place.getParent());
                    // Java's cache knows its jars by their times.
                    Files.copy(file, place, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** A path of a root file system. */
    static Path inside(Path root, String absolute) {
        return root.resolve(absolute.substring(1)).normalize();
    }

    private static String symbols(String mode) {
        StringBuilder symbols = new StringBuilder();
        for (char digit : mode.substring(mode.length() - 3).toCharArray()) {
            int bits = digit - '0';
            symbols.append((bits & 4) == 0 ? '-' : 'r').append((bits & 2) == 0 ? '-' : 'w')
                    .append((bits & 1) == 0 ? '-' : 'x');
        }
        return symbols.toString();
    }
}
