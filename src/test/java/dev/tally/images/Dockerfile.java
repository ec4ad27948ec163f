package dev.tally.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A Dockerfile, as far as ours go: no here-documents, no parser directives. */
record Dockerfile(List<Stage> stages) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What follows one FROM. */
    record Stage(String base, String name, List<Instruction> instructions) {
        Stream<Instruction> all(String... keywords) {
            return instructions.stream().filter(it -> List.of(keywords).contains(it.keyword()));
        }

        /** The one that counts where a later one replaces an earlier one. */
        Optional<Instruction> last(String keyword) {
            return all(keyword).reduce((_, later) -> later);
        }
    }

    /** @param flags such as {@code --chmod=0555} */
    record Instruction(String keyword, List<String> flags, String arguments) {
        Optional<String> flag(String name) {
            String prefix = "--" + name + "=";
            return flags.stream().filter(flag -> flag.startsWith(prefix)).map(flag -> flag.substring(prefix.length()))
                    .findFirst();
        }

        List<String> words() {
            return Arrays.asList(arguments.split("\\s+"));
        }

        /** Of the exec form; empty for the shell form. A HEALTHCHECK's is behind CMD. */
        Optional<List<String>> exec() {
            String json = keyword.equals("HEALTHCHECK") ? arguments.replaceFirst("^CMD\\s+", "") : arguments;
            try {
                return Optional.of(JSON.readValue(json, new TypeReference<List<String>>() {
                }));
            } catch (JsonProcessingException _) {
                return Optional.empty();
            }
        }
    }

    static Dockerfile read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Dockerfile parse(String text) {
        List<Stage> stages = new ArrayList<>();
        String joined = text.replaceAll("(?m)^\\s*#.*\\R?", "").replaceAll("\\\\\\R", " ");
        joined.lines().map(String::strip).filter(line -> !line.isEmpty()).map(Dockerfile::instruction)
                .forEach(instruction -> {
                    if (instruction.keyword().equals("FROM")) {
                        String[] from = instruction.arguments().split("(?i)\\s+AS\\s+", 2);
                        stages.add(new Stage(from[0], from.length > 1 ? from[1] : "", new ArrayList<>()));
                    } else {
                        stages.getLast().instructions().add(instruction);
                    }
                });
        return new Dockerfile(stages);
    }

    /** The one that becomes the image. */
    Stage image() {
        return stages.getLast();
    }

    private static Instruction instruction(String line) {
        String[] parts = line.split("\\s+", 2);
        List<String> flags = new ArrayList<>();
        String rest = parts.length > 1 ? parts[1] : "";
        while (rest.startsWith("--")) {
            String[] flag = rest.split("\\s+", 2);
            flags.add(flag[0]);
            rest = flag[1];
        }
        return new Instruction(parts[0].toUpperCase(Locale.ROOT), flags, rest);
    }
}
