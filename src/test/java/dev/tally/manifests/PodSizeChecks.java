package dev.tally.manifests;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;

/** What a pod may use, how long its end may take, and how many there are. */
final class PodSizeChecks {
    /** What may come after both phases of an end, as docs/operations.md adds it up. */
    private static final int AFTER_SECONDS = 26;

    private PodSizeChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        long endSeconds = settings.duration("quarkus.shutdown.delay")
                .plus(settings.duration("quarkus.shutdown.timeout")).plusSeconds(AFTER_SECONDS).toSeconds();
        // Reports that are fetched, and a few workbooks that are uploaded meanwhile.
        BigDecimal spool = BigDecimal.valueOf(settings.number("tally.reports.work.max-downloads")
                * settings.number("tally.reports.results.max-bytes")
                + 2 * settings.number("tally.http.max-file-bytes"));
        for (Pod pod : file.pods()) {
            pod.containers().forEach(container -> resources(findings, pod, container));
            findings.expect(pod.spec().getVolumes().stream().map(Volume::getEmptyDir)
                    .filter(directory -> directory != null).allMatch(PodSizeChecks::isBounded), pod.title(),
                    "a directory has no sizeLimit");
            if (pod.serves()) {
                findings.expect(pod.spec().getVolumes().stream().filter(volume -> volume.getEmptyDir() != null)
                        .allMatch(volume -> bytes(volume.getEmptyDir().getSizeLimit()).compareTo(spool) >= 0),
                        pod.title(), "/tmp is smaller than what may lie there, " + spool + " bytes");
                findings.expect(graceSeconds(pod) > endSeconds, pod.title(),
                        "it is killed after " + graceSeconds(pod) + " s, and its end may take " + endSeconds);
            }
        }
        replicas(findings, file);
        return findings.found();
    }

    private static void resources(Findings findings, Pod pod, Container container) {
        ResourceRequirements resources = Optional.ofNullable(container.getResources())
                .orElseGet(ResourceRequirements::new);
        findings.expect(resources.getRequests().containsKey("cpu") && resources.getRequests().containsKey("memory"),
                pod.title(), "it does not say what it needs");
        findings.expect(resources.getLimits().containsKey("memory"), pod.title(), "its memory has no limit");
        findings.expect(!resources.getLimits().containsKey("cpu"), pod.title(),
                "a limit of processor time stops it in the middle of requests");
    }

    private static void replicas(Findings findings, ManifestFile file) {
        int fewest = file.all(HorizontalPodAutoscaler.class).stream()
                .mapToInt(autoscaler -> autoscaler.getSpec().getMinReplicas()).findFirst().orElse(0);
        for (Deployment deployment : file.all(Deployment.class)) {
            findings.expect(fewest >= 2, file.name(), "one that is alone is gone while its node is drained");
            findings.expect(deployment.getSpec().getReplicas() == null, file.name(),
                    "each apply would set the replicas that the autoscaler has decided on");
            findings.expect(deployment.getSpec().getStrategy() != null
                    && deployment.getSpec().getStrategy().getRollingUpdate() != null
                    && Integer.valueOf(0)
                            .equals(deployment.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable()
                                    .getIntVal()),
                    file.name(), "a roll-out has to start a pod before it ends one");
            findings.expect(file.all(PodDisruptionBudget.class).stream()
                    .map(budget -> budget.getSpec().getMaxUnavailable())
                    .anyMatch(most -> most != null && most.getIntVal() != null && most.getIntVal() < fewest),
                    file.name(), "all pods may be evicted at once");
        }
    }

    private static boolean isBounded(EmptyDirVolumeSource directory) {
        return directory.getSizeLimit() != null;
    }

    private static BigDecimal bytes(Quantity quantity) {
        return quantity == null ? BigDecimal.ZERO : Quantity.getAmountInBytes(quantity);
    }

    /** Knative gives a pod as long to end as a request may take. */
    private static long graceSeconds(Pod pod) {
        Long own = pod.spec().getTerminationGracePeriodSeconds();
        return pod.isKnative()
                ? pod.owner().tree().at("/spec/template/spec/timeoutSeconds").asLong()
                : own == null ? 0 : own;
    }
}
