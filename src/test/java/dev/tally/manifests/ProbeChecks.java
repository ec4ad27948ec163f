package dev.tally.manifests;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.fabric8.kubernetes.api.model.Probe;

/** What Kubernetes asks. That there are answers is what {@link ProbesTest} sees. */
final class ProbeChecks {
    private static final Map<String, String> PATHS = Map.of("startup", "/q/health/started", "readiness",
            "/q/health/ready", "liveness", "/q/health/live");
    private static final Set<String> OF_KNATIVE = Set.of("readiness", "liveness");

    private ProbeChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        long poolSeconds = settings.number("tally.postgres.max-wait-seconds");
        for (Pod pod : file.pods()) {
            Map<String, Probe> probes = pod.probes();
            Set<String> expected = pod.isKnative() ? OF_KNATIVE : pod.serves() ? PATHS.keySet() : Set.of();
            findings.expect(probes.keySet().equals(expected), pod.title(),
                    "it has the probes " + probes.keySet() + " not " + expected);
            probes.forEach((kind, probe) -> findings.expect(
                    probe.getHttpGet() != null && probe.getHttpGet().getPath().equals(PATHS.get(kind)),
                    pod.title(), "the probe of " + kind + " does not ask " + PATHS.get(kind)));
            Probe readiness = probes.get("readiness");
            findings.expect(readiness == null || readiness.getTimeoutSeconds() > poolSeconds, pod.title(),
                    "an exhausted pool takes longer to say so than the probe of readiness waits");
        }
        return findings.found();
    }
}
