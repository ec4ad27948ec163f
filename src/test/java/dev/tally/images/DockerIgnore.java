package dev.tally.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** Which files of the project a build of an image sees: the last line of .dockerignore that matches decides. */
record DockerIgnore(List<Line> lines) {
    record Line(PathMatcher matcher, boolean excludes) {
        /** What matches a directory holds for all that is in it. */
        boolean matches(Path path) {
            for (Path part = path; part != null; part = part.getParent()) {
                if (matcher.matches(part)) {
                    return true;
                }
            }
            return false;
        }
    }

    static DockerIgnore read(Path file) {
        try (var lines = Files.lines(file)) {
            return new DockerIgnore(lines.map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> new Line(
                            FileSystems.getDefault().getPathMatcher("glob:" + line.replaceFirst("^!", "")),
                            !line.startsWith("!")))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param path relative to the project */
    boolean hides(Path path) {
        return lines.stream().filter(line -> line.matches(path)).reduce((_, later) -> later).map(Line::excludes)
                .orElse(false);
    }
}
