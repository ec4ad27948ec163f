package dev.tally.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.tally.images.Dockerfile.Instruction;
import dev.tally.images.Dockerfile.Stage;

/**
 * What our images keep to. The rules that hadolint has too (DL3002, DL3007, DL3008, DL3009, DL3015, DL3020, DL3025) are
 * here because it cannot be had from Maven or npm; the others are of this project.
 */
final class DockerfileRules {
    /** Numeric, or Kubernetes' {@code runAsNonRoot} cannot tell that it is not root. */
    private static final String USER = "1001";
    private static final Set<String> LABELS = Set.of("title", "description", "licenses", "base.name");
    private static final Set<String> RELEASE_LABELS = Set.of("version", "revision", "created");
    private static final Set<String> SHELLS = Set.of("sh", "bash", "/bin/sh", "/bin/bash");
    private static final Pattern LABEL = Pattern.compile("org\\.opencontainers\\.image\\.([a-z.]+)=");
    private static final Pattern SECRET = Pattern.compile("(?i)\\b\\w*(PASSWORD|SECRET|TOKEN|API_?KEY)\\w*\\b");
    private static final Pattern PINNED = Pattern.compile("\\S+?(:(?!latest\\b)[\\w.-]+|@sha256:[0-9a-f]{64})");

    private DockerfileRules() {}

    /** What each rule, by its name, finds wrong; without those that find nothing. */
    static Map<String, List<String>> faults(Dockerfile file, DockerIgnore ignore, int port) {
        Map<String, Function<Dockerfile, Stream<String>>> rules = new TreeMap<>();
        rules.put("bases are pinned", DockerfileRules::looseBases);
        rules.put("a cache is recorded on the base that uses it", DockerfileRules::otherBases);
        rules.put("no shell starts anything", DockerfileRules::shellForms);
        rules.put("the image needs no shell", DockerfileRules::shells);
        rules.put("the user is a number other than root's", DockerfileRules::otherUsers);
        rules.put("files are copied and not added", it -> all(it, "ADD").map(Instruction::arguments));
        rules.put("packages leave nothing behind", DockerfileRules::packages);
        rules.put("no secret is built in", DockerfileRules::secrets);
        rules.put("the user owns nothing", DockerfileRules::writable);
        rules.put("the port is the configured one", it -> ports(it, port));
        rules.put("labels say what it is", DockerfileRules::missingLabels);
        rules.put("paths are absolute", DockerfileRules::relativePaths);
        rules.put("what is copied is there", it -> hidden(it, ignore));
        Map<String, List<String>> faults = new TreeMap<>();
        rules.forEach((name, rule) -> {
            List<String> found = rule.apply(file).toList();
            if (!found.isEmpty()) {
                faults.put(name, found);
            }
        });
        return faults;
    }

    /** What an image of Tally itself has beside that. */
    static List<String> missingOfTally(Dockerfile file) {
        Stage image = file.image();
        List<String> missing = new ArrayList<>();
        if (image.all("COPY").noneMatch(copy -> copy.arguments().endsWith(" /sbom/tally.cdx.json"))) {
            missing.add("the SBOM in /sbom/tally.cdx.json");
        }
        Set<String> labels = labels(image);
        RELEASE_LABELS.stream().filter(label -> !labels.contains(label)).map("the label "::concat)
                .forEach(missing::add);
        Optional<List<String>> check = image.last("HEALTHCHECK").flatMap(Instruction::exec);
        if (check.isEmpty() || !check.get().getLast().equals("healthy")) {
            missing.add("a HEALTHCHECK by the application itself");
        }
        return missing;
    }

    private static Stream<Instruction> all(Dockerfile file, String... keywords) {
        return file.stages().stream().flatMap(stage -> stage.all(keywords));
    }

    private static Stream<String> looseBases(Dockerfile file) {
        return file.stages().stream().map(Stage::base).filter(base -> !PINNED.matcher(base).matches());
    }

    private static Stream<String> otherBases(Dockerfile file) {
        return file.stages().stream().map(Stage::base).filter(base -> !base.equals(file.image().base()));
    }

    private static Stream<String> shellForms(Dockerfile file) {
        return all(file, "ENTRYPOINT", "CMD", "RUN", "HEALTHCHECK").filter(it -> it.exec().isEmpty())
                .map(Instruction::arguments);
    }

    private static Stream<String> shells(Dockerfile file) {
        Stage image = file.image();
        return Stream.concat(image.all("RUN", "SHELL").map(Instruction::arguments),
                image.all("ENTRYPOINT", "CMD", "HEALTHCHECK").flatMap(it -> it.exec().stream())
                        .filter(words -> SHELLS.contains(words.getFirst())).map(List::toString));
    }

    private static Stream<String> otherUsers(Dockerfile file) {
        String user = file.image().last("USER").map(Instruction::arguments).orElse("none, which is root");
        return Stream.of(user).filter(it -> !it.equals(USER));
    }

    private static Stream<String> packages(Dockerfile file) {
        return all(file, "RUN").map(Instruction::arguments).filter(it -> it.contains("apt-get install"))
                .filter(it -> !it.contains("--no-install-recommends") || !it.contains("/var/lib/apt/lists"));
    }

    private static Stream<String> secrets(Dockerfile file) {
        return all(file, "ENV", "ARG", "LABEL").map(Instruction::arguments).filter(it -> SECRET.matcher(it).find());
    }

    /** Of the image: who runs it shall not be able to change it, whatever mounts it. */
    private static Stream<String> writable(Dockerfile file) {
        return file.image().all("COPY").filter(copy -> copy.flag("chown").isPresent()
                || copy.flag("chmod").map(mode -> !mode.matches("0?[0-7][0-7][0145]")).orElse(false))
                .map(copy -> copy.flags() + " " + copy.arguments());
    }

    private static Stream<String> ports(Dockerfile file, int port) {
        List<String> exposed = file.image().all("EXPOSE").map(Instruction::arguments).toList();
        return exposed.equals(List.of(Integer.toString(port))) ? Stream.empty() : Stream.of(exposed.toString());
    }

    private static Stream<String> missingLabels(Dockerfile file) {
        Set<String> labels = labels(file.image());
        return Stream.concat(LABELS.stream().filter(label -> !labels.contains(label)),
                file.image().all("LABEL").map(Instruction::arguments)
                        .filter(it -> !it.contains("base.name=\"" + file.image().base() + "\"")));
    }

    private static Set<String> labels(Stage image) {
        return Set.copyOf(image.all("LABEL").flatMap(it -> LABEL.matcher(it.arguments()).results())
                .map(match -> match.group(1)).toList());
    }

    private static Stream<String> relativePaths(Dockerfile file) {
        return Stream.concat(all(file, "WORKDIR").map(Instruction::arguments),
                all(file, "COPY").map(copy -> copy.words().getLast())).filter(path -> !path.startsWith("/"));
    }

    private static Stream<String> hidden(Dockerfile file, DockerIgnore ignore) {
        return all(file, "COPY").filter(copy -> copy.flag("from").isEmpty())
                .flatMap(copy -> copy.words().subList(0, copy.words().size() - 1).stream())
                // A pattern stands for the names that it matches.
                .filter(source -> ignore.hides(Path.of(source.replace("*", "any"))));
    }
}
