package dev.tally.manifests;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

/**
 * The template of a pod, whoever makes it.
 *
 * @param labels
 *            that its pods will have
 */
record Pod(Manifest owner, Map<String, String> labels, PodSpec spec) {
    /** What Knative adds to the fields of a pod. */
    static final Set<String> KNATIVE_FIELDS = Set.of("containerConcurrency", "timeoutSeconds",
            "responseStartTimeoutSeconds", "idleTimeoutSeconds");

    static Stream<Pod> of(Manifest manifest) {
        return switch (manifest.object()) {
            case Deployment deployment -> Stream.of(of(manifest, deployment.getSpec().getTemplate()));
            case Job job -> Stream.of(of(manifest, job.getSpec().getTemplate()));
            case Service service -> Stream.of(ofKnative(manifest, service));
            default -> Stream.empty();
        };
    }

    private static Pod of(Manifest owner, PodTemplateSpec template) {
        return new Pod(owner, template.getMetadata().getLabels(), template.getSpec());
    }

    private static Pod ofKnative(Manifest owner, Service service) {
        Map<String, String> labels = new HashMap<>();
        if (service.getSpec().getTemplate().getMetadata() != null) {
            labels.putAll(service.getSpec().getTemplate().getMetadata().getLabels());
        }
        labels.put("serving.knative.dev/service", owner.name());
        ObjectNode spec = owner.tree().at("/spec/template/spec").deepCopy();
        spec.remove(KNATIVE_FIELDS);
        return new Pod(owner, labels, StrictReader.as(spec, PodSpec.class));
    }

    String title() {
        return owner.file() + " " + owner.title();
    }

    /** Whether it answers requests, and does not end by itself. */
    boolean serves() {
        return !(owner.object() instanceof Job);
    }

    boolean isKnative() {
        return owner.object() instanceof Service;
    }

    /** Those that run before the others too. */
    List<Container> containers() {
        List<Container> all = new ArrayList<>(spec.getInitContainers());
        all.addAll(spec.getContainers());
        return all;
    }

    /** By what they ask for: {@code startup}, {@code readiness}, {@code liveness}. */
    Map<String, Probe> probes() {
        Map<String, Probe> probes = new HashMap<>();
        for (Container container : spec.getContainers()) {
            if (container.getStartupProbe() != null) {
                probes.put("startup", container.getStartupProbe());
            }
            if (container.getReadinessProbe() != null) {
                probes.put("readiness", container.getReadinessProbe());
            }
            if (container.getLivenessProbe() != null) {
                probes.put("liveness", container.getLivenessProbe());
            }
        }
        return probes;
    }
}
