package dev.tally.manifests;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Knative Serving takes a part of Kubernetes' fields only, and more where a feature flag of the cluster allows it
 * (knative.dev/docs/serving/configuration/feature-flags). Named here is what it takes without one.
 */
final class KnativeChecks {
    private static final Set<String> POD = Set.of("containers", "volumes", "serviceAccountName",
            "automountServiceAccountToken", "enableServiceLinks", "imagePullSecrets");
    private static final Set<String> CONTAINER = Set.of("name", "image", "imagePullPolicy", "command", "args", "env",
            "envFrom", "ports", "livenessProbe", "readinessProbe", "resources", "securityContext", "volumeMounts",
            "workingDir");
    private static final Set<String> SECURITY_CONTEXT = Set.of("runAsNonRoot", "runAsUser", "runAsGroup",
            "readOnlyRootFilesystem", "allowPrivilegeEscalation", "capabilities", "seccompProfile");
    private static final Set<String> VOLUME = Set.of("name", "secret", "configMap", "projected", "emptyDir");
    private static final String RETENTION = "autoscaling.knative.dev/scale-to-zero-pod-retention-period";
    /** max-revision-timeout-seconds, unless the cluster sets it. */
    private static final int MAX_TIMEOUT_SECONDS = 600;
    private static final int SECONDS_PER_MINUTE = 60;

    private KnativeChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        file.pods().stream().filter(Pod::isKnative).forEach(pod -> {
            JsonNode spec = pod.owner().tree().at("/spec/template/spec");
            ObjectNode fields = spec.deepCopy();
            fields.remove(Pod.KNATIVE_FIELDS);
            only(findings, pod, fields, POD);
            spec.path("containers").forEach(container -> {
                only(findings, pod, container, CONTAINER);
                only(findings, pod, container.path("securityContext"), SECURITY_CONTEXT);
            });
            spec.path("volumes").forEach(volume -> only(findings, pod, volume, VOLUME));
            findings.expect(spec.path("timeoutSeconds").asInt() <= MAX_TIMEOUT_SECONDS, pod.title(),
                    "clusters allow no request to take longer than " + MAX_TIMEOUT_SECONDS + " s");
            String retention = pod.owner().tree().at("/spec/template/metadata/annotations").path(RETENTION).asText();
            findings.expect(retention.matches("\\d+m")
                    && minutes(retention) * SECONDS_PER_MINUTE > settings.number("tally.reports.poll-timeout-seconds"),
                    pod.title(),
                    "the last pod goes before a report that was ordered is done");
        });
        return findings.found();
    }

    private static void only(Findings findings, Pod pod, JsonNode node, Set<String> allowed) {
        Stream.of(node).flatMap(it -> it.properties().stream()).map(field -> field.getKey())
                .forEach(field -> findings.expect(allowed.contains(field), pod.title(),
                        "Knative takes " + field + " only with a feature flag, or not at all"));
    }

    private static long minutes(String retention) {
        return Long.parseLong(retention.substring(0, retention.length() - 1));
    }
}
