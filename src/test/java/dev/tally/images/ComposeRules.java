package dev.tally.images;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.tally.images.ComposeFile.Service;

/** What compose.yaml keeps to: each container as confined as the images allow, and nothing that is not there referred to. */
final class ComposeRules {
    private static final Pattern PINNED = Pattern.compile("\\S+:(?!latest$)[\\w.-]*\\d[\\w.-]*");
    private static final Pattern USER = Pattern.compile("[1-9]\\d*(:[1-9]\\d*)?");
    private static final Set<String> LIMITS = Set.of("cpus", "memory", "pids");

    private final ComposeFile file;
    private final Set<String> variables;
    private final Set<String> faults = new TreeSet<>();

    private ComposeRules(ComposeFile file, Set<String> variables) {
        this.file = file;
        this.variables = variables;
    }

    /** @param variables the environment variables that Tally knows */
    static Set<String> faults(ComposeFile file, Set<String> variables) {
        ComposeRules rules = new ComposeRules(file, variables);
        file.unknownKeys().forEach(key -> rules.faults.add(key + " is no key of the specification"));
        file.services().forEach(rules::check);
        return rules.faults;
    }

    private void check(String name, Service service) {
        List<String> found = new ArrayList<>();
        boolean built = !service.dockerfiles().isEmpty();
        if (!built && !PINNED.matcher(service.text("image")).matches()) {
            found.add("has an image that is not pinned");
        }
        service.dockerfiles().stream().filter(it -> !Files.exists(Path.of(it)))
                .forEach(it -> found.add("has no " + it));
        if (!service.isOneShot() && !isChecked(service)) {
            found.add("has no health check");
        }
        confinement(service, found);
        service.list("ports").stream().filter(port -> !port.startsWith("127.0.0.1:"))
                .forEach(port -> found.add("is open to others on " + port));
        LIMITS.stream().filter(limit -> !service.limits().containsKey(limit))
                .forEach(limit -> found.add("has no limit of " + limit));
        if (service.text("image").startsWith("tally:")) {
            service.environment().stream().filter(variable -> !variables.contains(variable)
                    && !variable.startsWith("TALLY_ANALYTICS_METRICS_"))
                    .forEach(variable -> found.add("is given " + variable + ", which Tally does not know"));
        }
        references(service, found);
        found.forEach(fault -> faults.add(name + " " + fault));
    }

    private static void confinement(Service service, List<String> found) {
        if (!service.text("read_only").equals("true")) {
            found.add("may write to its root file system");
        }
        if (!service.list("cap_drop").equals(List.of("ALL"))) {
            found.add("has capabilities");
        }
        if (!service.list("security_opt").contains("no-new-privileges:true")) {
            found.add("may get new privileges");
        }
        if (!USER.matcher(service.text("user")).matches()) {
            found.add("may be root");
        }
    }

    private void references(Service service, List<String> found) {
        Map<String, Service> services = file.services();
        service.dependencies().forEach((other, condition) -> {
            Service awaited = services.get(other);
            boolean possible = awaited != null && switch (condition) {
                case "service_healthy" -> isChecked(awaited) && !awaited.isOneShot();
                case "service_completed_successfully" -> awaited.isOneShot();
                default -> false;
            };
            if (!possible) {
                found.add("waits in vain for " + other);
            }
        });
        service.configs().stream().filter(config -> !file.named("configs").contains(config))
                .forEach(config -> found.add("mounts " + config + ", which is not there"));
        service.list("volumes").stream().map(volume -> volume.replaceFirst(":.*", ""))
                .filter(volume -> !file.named("volumes").contains(volume))
                .forEach(volume -> found.add("mounts " + volume + ", which is not there"));
    }

    /** By itself, or by all of its images. */
    private static boolean isChecked(Service service) {
        List<String> images = service.dockerfiles();
        boolean all = !images.isEmpty() && images.stream().map(Path::of).filter(Files::exists).map(Dockerfile::read)
                .allMatch(it -> it.image().last("HEALTHCHECK").isPresent());
        return all || service.content().containsKey("healthcheck");
    }
}
