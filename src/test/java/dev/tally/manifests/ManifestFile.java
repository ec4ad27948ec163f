package dev.tally.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** What is applied together: a file of {@code k8s}. */
record ManifestFile(String name, List<Manifest> manifests) {
    private static final Path DIRECTORY = Path.of("k8s");

    /** All that are checked in. */
    static List<ManifestFile> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yml")).sorted()
                    .map(ManifestFile::named).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ManifestFile named(String name) {
        return new ManifestFile(name, StrictReader.read(name, text(name)));
    }

    /** The text of any file of the directory. */
    static String text(String name) {
        try {
            return Files.readString(DIRECTORY.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return manifests.stream().map(Manifest::object).filter(type::isInstance).map(type::cast).toList();
    }

    List<Pod> pods() {
        return manifests.stream().flatMap(Pod::of).toList();
    }

    /**
     * The same with one value changed, and read anew.
     *
     * @param title
     *            of the object, such as {@code Deployment/tally}
     * @param pointer
     *            where; {@code /-} at its end appends to a list
     * @param json
     *            the new value, or null to remove what is there
     */
    ManifestFile with(String title, String pointer, @Nullable String json) {
        List<Manifest> changed = new ArrayList<>(manifests);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).title().equals(title)) {
                ObjectNode tree = changed.get(i).tree().deepCopy();
                change(tree, JsonPointer.compile(pointer), json == null ? null : StrictReader.tree(json));
                changed.set(i, StrictReader.read(name, tree));
                return new ManifestFile(name, List.copyOf(changed));
            }
        }
        throw new IllegalArgumentException(name + " has no " + title);
    }

    private static void change(ObjectNode tree, JsonPointer pointer, @Nullable JsonNode value) {
        JsonNode parent = tree.at(Objects.requireNonNull(pointer.head()));
        String field = Objects.requireNonNull(pointer.last()).getMatchingProperty();
        if (parent instanceof ArrayNode list && value != null && field.equals("-")) {
            list.add(value);
        } else if (parent instanceof ArrayNode list) {
            list.remove(Integer.parseInt(field));
            if (value != null) {
                list.insert(Integer.parseInt(field), value);
            }
        } else if (parent instanceof ObjectNode object && value != null) {
            object.set(field, value);
        } else if (!(parent instanceof ObjectNode object) || object.remove(field) == null) {
            throw new IllegalArgumentException("There is nothing at " + pointer);
        }
    }
}
