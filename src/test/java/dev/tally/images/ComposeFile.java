package dev.tally.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A file for Docker Compose, its anchors and merges resolved; keys that are there twice are refused. */
record ComposeFile(Map<String, Object> content) {
    private static final String CONDITION = "condition";
    /** What the Compose specification has there, as far as ours needs it: whatever else stands there is a slip. */
    private static final Set<String> TOP = Set.of("name", "services", "volumes", "configs");
    private static final Set<String> SERVICE = Set.of("image", "build", "user", "tmpfs", "configs", "environment",
            "ports",
            "depends_on", "restart", "stop_grace_period", "deploy", "command", "entrypoint", "healthcheck", "volumes",
            "shm_size", "ulimits", "read_only", "cap_drop", "security_opt");
    private static final Map<String, Set<String>> PARTS = Map.of("build", Set.of("context", "dockerfile"),
            "healthcheck", Set.of("test", "interval", "timeout", "retries"), "deploy", Set.of("resources"),
            "ulimits", Set.of("nofile"));

    static ComposeFile read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ComposeFile parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new ComposeFile(map(new Yaml(new SafeConstructor(options)).load(text)));
    }

    Map<String, Service> services() {
        Map<String, Service> services = new TreeMap<>();
        map(content.get("services")).forEach((name, service) -> services.put(name, new Service(map(service))));
        return services;
    }

    Set<String> named(String kind) {
        return map(content.get(kind)).keySet();
    }

    /** Keys that the specification does not have there, each with where it stands. */
    Set<String> unknownKeys() {
        Set<String> unknown = new TreeSet<>();
        content.keySet().stream().filter(key -> !TOP.contains(key) && !key.startsWith("x-")).forEach(unknown::add);
        services().forEach((name, service) -> {
            service.content().keySet().stream().filter(key -> !SERVICE.contains(key))
                    .forEach(key -> unknown.add(name + "." + key));
            PARTS.forEach((part, keys) -> map(service.content().get(part)).keySet().stream()
                    .filter(key -> !keys.contains(key)).forEach(key -> unknown.add(name + "." + part + "." + key)));
        });
        return unknown;
    }

    record Service(Map<String, Object> content) {
        String text(String key) {
            return Objects.toString(content.get(key), "");
        }

        List<String> list(String key) {
            return ComposeFile.list(content.get(key));
        }

        /** The names of the environment variables. */
        Set<String> environment() {
            return map(content.get("environment")).keySet();
        }

        /** What it waits for, and how far that has to be. */
        Map<String, String> dependencies() {
            Map<String, String> conditions = new TreeMap<>();
            map(content.get("depends_on"))
                    .forEach((name, how) -> conditions.put(name, Objects.toString(map(how).get(CONDITION), "")));
            return conditions;
        }

        boolean isOneShot() {
            return text("restart").equals("no") || text("restart").startsWith("on-failure");
        }

        /** The Dockerfile in each form of it, where it is built here. */
        List<String> dockerfiles() {
            String file = Objects.toString(map(content.get("build")).get("dockerfile"), "");
            return file.isEmpty()
                    ? List.of()
                    : List.of(file.replaceAll("\\$\\{\\w+:-(\\w+)}", "$1"),
                            file.replaceAll("\\$\\{\\w+:-\\w+}", "native-micro"));
        }

        Map<String, Object> limits() {
            return map(map(map(content.get("deploy")).get("resources")).get("limits"));
        }

        /** The names of the configs that it mounts. */
        List<String> configs() {
            List<String> names = new ArrayList<>();
            if (content.get("configs") instanceof List<?> mounted) {
                mounted.forEach(config -> names.add(Objects.toString(map(config).get("source"), "")));
            }
            return names;
        }
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new TreeMap<>();
        if (value instanceof Map<?, ?> entries) {
            // A variable without a value is taken over from outside.
            entries.forEach((key, entry) -> map.put(Objects.toString(key), entry == null ? "" : entry));
        }
        return map;
    }

    private static List<String> list(@Nullable Object value) {
        return value instanceof List<?> entries ? entries.stream().map(Objects::toString).toList() : List.of();
    }
}
