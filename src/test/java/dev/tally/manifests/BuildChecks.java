package dev.tally.manifests;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The same sources give the same bytes, whoever builds them and when. */
final class BuildChecks {
    private static final Pattern OF_A_BUILD = Pattern.compile("app\\.(?:quarkus|dekorate)\\.io/(?:commit-id|build-.*"
            + "|vcs-.*)");

    private BuildChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        file.manifests().forEach(manifest -> {
            manifest.tree().findParents("annotations").stream()
                    .flatMap(it -> it.get("annotations").properties().stream())
                    .map(Map.Entry::getKey).forEach(key -> findings.expect(!OF_A_BUILD.matcher(key).matches(),
                            file.name(), manifest.title() + " has " + key));
            findings.expect(manifest.object().getMetadata().getNamespace() == null, file.name(),
                    manifest.title() + " is in a namespace, which kustomization.yaml decides on");
        });
        file.pods().forEach(pod -> pod.containers().forEach(container -> {
            findings.expect(container.getImage().equals("tally:" + settings.version()), pod.title(),
                    "its image is " + container.getImage() + ", not that of this version");
            findings.expect(!"Always".equals(container.getImagePullPolicy()), pod.title(),
                    "it cannot start while the registry is away, though its node has the image");
        }));
        return findings.found();
    }
}
