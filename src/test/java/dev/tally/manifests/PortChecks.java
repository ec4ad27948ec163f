package dev.tally.manifests;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;

/** The port on which the application listens, and everybody who has to know it. */
final class PortChecks {
    /** Knative's proxy in each pod: HTTP/1, HTTP/2, TLS, and its figures for the autoscaler. */
    private static final Set<Integer> KNATIVE_PROXY = Set.of(8012, 8013, 8112, 9090);
    private static final int DNS = 53;
    private static final int HTTPS = 443;

    private PortChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        int listening = (int) settings.number("quarkus.http.port");
        for (Pod pod : file.pods()) {
            List<ContainerPort> ports = pod.spec().getContainers().stream().flatMap(it -> it.getPorts().stream())
                    .toList();
            findings.expect(ports.stream().allMatch(port -> port.getContainerPort() == listening), pod.title(),
                    "it has a port other than " + listening + ", on which the application listens");
            findings.expect(pod.serves() != ports.isEmpty(), pod.title(), "it has to have a port if it serves");
            findings.expect(pod.probes().values().stream().allMatch(
                    probe -> pod.isKnative()
                            ? probe.getHttpGet().getPort() == null
                            : names(ports, probe.getHttpGet().getPort())),
                    pod.title(), "a probe asks another port");
            for (Service service : file.all(Service.class)) {
                findings.expect(!pod.serves() || service.getSpec().getPorts().stream()
                        .allMatch(port -> names(ports, port.getTargetPort())), pod.title(),
                        "the service sends to another port");
            }
        }
        file.all(ConfigMap.class).forEach(map -> findings.expect(!map.getData().containsKey("APP_PORT"), file.name(),
                "the port cannot be changed by the ConfigMap alone"));
        file.all(Ingress.class).forEach(ingress -> findings.expect(reaches(ingress, file.all(Service.class)),
                file.name(), "the ingress sends to a service or a port that there is not"));
        file.all(NetworkPolicy.class).forEach(policy -> admitted(findings, file, policy, listening));
        return findings.found();
    }

    private static boolean names(List<ContainerPort> ports, IntOrString port) {
        return ports.stream().anyMatch(it -> Objects.equals(it.getContainerPort(), port.getIntVal())
                || Objects.equals(it.getName(), port.getStrVal()));
    }

    private static boolean reaches(Ingress ingress, List<Service> services) {
        Stream<IngressServiceBackend> backends = ingress.getSpec().getRules().stream()
                .flatMap(rule -> rule.getHttp().getPaths().stream()).map(path -> path.getBackend().getService());
        return backends.allMatch(backend -> services.stream()
                .filter(service -> service.getMetadata().getName().equals(backend.getName()))
                .flatMap(service -> service.getSpec().getPorts().stream())
                .anyMatch(port -> names(port, backend)));
    }

    private static boolean names(ServicePort port, IngressServiceBackend backend) {
        return Objects.equals(port.getName(), backend.getPort().getName())
                || Objects.equals(port.getPort(), backend.getPort().getNumber());
    }

    private static void admitted(Findings findings, ManifestFile file, NetworkPolicy policy, int listening) {
        Set<Integer> in = policy.getSpec().getIngress().stream().flatMap(rule -> rule.getPorts().stream())
                .map(PortChecks::number).collect(Collectors.toSet());
        Set<Integer> expected = file.pods().stream().anyMatch(Pod::isKnative)
                ? Stream.concat(KNATIVE_PROXY.stream(), Stream.of(listening)).collect(Collectors.toSet())
                : Set.of(listening);
        findings.expect(in.equals(expected), file.name(), "the network policy lets in at " + in + " not " + expected);
        findings.expect(policy.getSpec().getIngress().stream().noneMatch(rule -> rule.getFrom().isEmpty()), file.name(),
                "the network policy lets everybody in");
        Set<Integer> out = policy.getSpec().getEgress().stream().flatMap(rule -> rule.getPorts().stream())
                .map(PortChecks::number).collect(Collectors.toSet());
        Set<Integer> needed = Stream.concat(Stream.of(DNS, HTTPS), file.all(ConfigMap.class).stream()
                .map(map -> databasePort(map.getData().getOrDefault("POSTGRES_URL", ""))))
                .collect(Collectors.toSet());
        findings.expect(out.containsAll(needed), file.name(), "the network policy lets out to " + out + " not all of "
                + needed);
        findings.expect(policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress")), file.name(),
                "the network policy is not for both directions");
    }

    private static int databasePort(String url) {
        return Integer.parseInt(url.replaceAll("^jdbc:postgresql://[^:/]+:(\\d+)/.*$", "$1"));
    }

    private static int number(NetworkPolicyPort port) {
        return port.getPort().getIntVal();
    }
}
