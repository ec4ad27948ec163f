package dev.tally.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/**
 * What the application is configured to without any environment: by application.properties, or else by a default in
 * the code, which the tables of docs/operations.md tell.
 */
final class Settings {
    private static final Path PROPERTIES = Path.of("src", "main", "resources", "application.properties");
    private static final Path OPERATIONS = Path.of("docs", "operations.md");
    private static final Path POM = Path.of("pom.xml");
    private static final Pattern USED_VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)[:}]");
    private static final Pattern TOLD_VARIABLE = Pattern.compile("`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`");
    private static final Pattern PROPERTY = Pattern.compile("\\b(?:tally|quarkus)(?:\\.[a-z0-9-]+)+");
    private static final Pattern VERSION = Pattern.compile("<artifactId>tally</artifactId>\\s*<version>([^<]+)<");

    private final String properties = text(PROPERTIES);
    private final String operations = text(OPERATIONS);
    private final String version = first(VERSION, text(POM)).group(1);
    private final SmallRyeConfig config = config();

    /** Of the project. */
    String version() {
        return version;
    }

    long number(String property) {
        return config.getOptionalValue(property, Long.class).orElseGet(() -> Long.parseLong(first(
                Pattern.compile("\\| `" + Pattern.quote(property) + "` \\| (\\d+) \\|"), operations).group(1)));
    }

    /** Nothing, when it is not set. */
    Duration duration(String property) {
        return config.getOptionalValue(property, String.class).map(DurationConverter::parseDuration)
                .orElse(Duration.ZERO);
    }

    /** The variables of the environment that mean something to the application: used by it, or told to operators. */
    Set<String> variables() {
        Set<String> known = new HashSet<>();
        matches(USED_VARIABLE, properties).map(match -> match.group(1)).forEach(known::add);
        matches(TOLD_VARIABLE, operations).map(match -> match.group(1)).forEach(known::add);
        Stream.of(properties, operations).flatMap(text -> matches(PROPERTY, text)).map(MatchResult::group)
                .map(property -> property.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT)).forEach(known::add);
        return known;
    }

    private static SmallRyeConfig config() {
        try {
            return new SmallRyeConfigBuilder().addDefaultInterceptors()
                    .withSources(new PropertiesConfigSource(PROPERTIES.toUri().toURL())).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    private static MatchResult first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("Nothing says " + pattern);
        }
        return matcher.toMatchResult();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
