package dev.tally.manifests;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;

/**
 * Kubernetes' Pod Security Standards, level "restricted" (kubernetes.io/docs/concepts/security/pod-security-standards),
 * and what Tally gives up beyond them: writing anywhere but in /tmp, the token of its account, the variables of other
 * services.
 */
final class PodSecurityChecks {
    private static final long USER = 1001;
    private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");

    private PodSecurityChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        file.pods().forEach(pod -> {
            pod(findings, file, pod);
            pod.containers().forEach(container -> container(findings, pod, container));
        });
        file.all(ServiceAccount.class).forEach(account -> findings.expect(
                Boolean.FALSE.equals(account.getAutomountServiceAccountToken()), file.name(),
                "the service account hands out its token"));
        return findings.found();
    }

    private static void pod(Findings findings, ManifestFile file, Pod pod) {
        PodSpec spec = pod.spec();
        findings.expect(!isTrue(spec.getHostNetwork()) && !isTrue(spec.getHostPID()) && !isTrue(spec.getHostIPC()),
                pod.title(), "it shares what is its node's");
        findings.expect(spec.getVolumes().stream().allMatch(PodSecurityChecks::isHarmless), pod.title(),
                "it has a volume that is neither an emptyDir nor of a Secret or a ConfigMap");
        findings.expect(Boolean.FALSE.equals(spec.getAutomountServiceAccountToken()), pod.title(),
                "it has the token of its service account");
        findings.expect(file.all(ServiceAccount.class).stream()
                .anyMatch(account -> account.getMetadata().getName().equals(spec.getServiceAccountName())), pod.title(),
                "it has no service account of its own");
        findings.expect(Boolean.FALSE.equals(spec.getEnableServiceLinks()), pod.title(),
                "a service called clickhouse would set CLICKHOUSE_PORT, with which Tally does not start");
    }

    private static void container(Findings findings, Pod pod, Container container) {
        Optional<SecurityContext> own = Optional.ofNullable(container.getSecurityContext());
        Optional<PodSecurityContext> shared = Optional.ofNullable(pod.spec().getSecurityContext());
        String where = pod.title() + ", " + container.getName();
        findings.expect(own.map(SecurityContext::getPrivileged).filter(it -> it).isEmpty(), where,
                "it is privileged");
        findings.expect(holds(own, SecurityContext::getAllowPrivilegeEscalation, false), where,
                "it may get more privileges");
        findings.expect(own.map(SecurityContext::getCapabilities)
                .filter(it -> it.getDrop().contains("ALL") && it.getAdd().isEmpty()).isPresent(), where,
                "it has capabilities");
        findings.expect(own.map(SecurityContext::getRunAsNonRoot)
                .or(() -> shared.map(PodSecurityContext::getRunAsNonRoot)).filter(it -> it).isPresent(), where,
                "it may run as root");
        findings.expect(own.map(SecurityContext::getRunAsUser).or(() -> shared.map(PodSecurityContext::getRunAsUser))
                .filter(it -> it == USER).isPresent(), where, "it does not run as the image's user");
        findings.expect(own.map(SecurityContext::getSeccompProfile)
                .or(() -> shared.map(PodSecurityContext::getSeccompProfile)).map(SeccompProfile::getType)
                .filter(SECCOMP::contains).isPresent(), where, "its system calls are not confined");
        findings.expect(holds(own, SecurityContext::getReadOnlyRootFilesystem, true), where,
                "it may write to its image");
        findings.expect(container.getPorts().stream().allMatch(port -> port.getHostPort() == null), where,
                "it takes a port of its node");
        findings.expect(container.getVolumeMounts().stream()
                .allMatch(mount -> isTrue(mount.getReadOnly()) != isTmp(pod.spec(), mount)), where,
                "it may write elsewhere than in an emptyDir at /tmp, or not there");
    }

    private static boolean isHarmless(Volume volume) {
        return volume.getEmptyDir() != null || volume.getSecret() != null || volume.getConfigMap() != null;
    }

    private static boolean isTmp(PodSpec spec, VolumeMount mount) {
        return mount.getMountPath().equals("/tmp") && spec.getVolumes().stream()
                .anyMatch(volume -> volume.getName().equals(mount.getName()) && volume.getEmptyDir() != null);
    }

    private static boolean holds(Optional<SecurityContext> context, Function<SecurityContext, Boolean> what,
            boolean expected) {
        return context.map(what).filter(value -> value == expected).isPresent();
    }

    private static boolean isTrue(Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
