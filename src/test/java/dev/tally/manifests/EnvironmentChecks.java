package dev.tally.manifests;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;

/** A variable that is misspelt is one that nobody reads. */
final class EnvironmentChecks {
    private EnvironmentChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        Set<String> known = settings.variables();
        Set<String> maps = file.all(ConfigMap.class).stream().map(map -> map.getMetadata().getName())
                .collect(Collectors.toSet());
        file.all(ConfigMap.class).stream().flatMap(map -> map.getData().keySet().stream())
                .forEach(key -> findings.expect(known.contains(key), file.name(),
                        "the ConfigMap has " + key + ", of which neither application.properties nor"
                                + " docs/operations.md knows"));
        for (Pod pod : file.pods()) {
            for (Container container : pod.containers()) {
                container.getEnv().stream().map(EnvVar::getName).forEach(name -> findings.expect(
                        known.contains(name), pod.title(), "it sets " + name + ", which nobody reads"));
                Stream.concat(container.getEnvFrom().stream().map(EnvFromSource::getConfigMapRef)
                        .filter(reference -> reference != null).map(reference -> reference.getName()),
                        container.getEnv().stream().map(EnvVar::getValueFrom).filter(source -> source != null)
                                .map(EnvVarSource::getConfigMapKeyRef).filter(reference -> reference != null)
                                .map(reference -> reference.getName()))
                        .forEach(name -> findings.expect(maps.contains(name), pod.title(),
                                "it names the ConfigMap " + name + ", which there is not"));
                findings.expect(!container.getEnvFrom().isEmpty(), pod.title(), "it has no ConfigMap");
            }
            findings.expect(!pod.serves() || usersFile(file).filter(path -> isMounted(pod, path)).isPresent(),
                    pod.title(), "the file that TALLY_USERS_FILE names is not mounted");
        }
        return findings.found();
    }

    private static Optional<String> usersFile(ManifestFile file) {
        return file.all(ConfigMap.class).stream().map(map -> map.getData().get("TALLY_USERS_FILE"))
                .filter(path -> path != null).findFirst();
    }

    private static boolean isMounted(Pod pod, String path) {
        return pod.containers().stream().flatMap(container -> container.getVolumeMounts().stream())
                .anyMatch(mount -> path.equals(mount.getMountPath() + "/users") && pod.spec().getVolumes().stream()
                        .anyMatch(volume -> volume.getName().equals(mount.getName()) && volume.getSecret() != null));
    }
}
