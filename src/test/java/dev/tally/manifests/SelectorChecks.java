package dev.tally.manifests;

import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;

/** Objects name each other by labels, and nobody says so when that goes wrong: no pod is found, or one too many. */
final class SelectorChecks {
    private static final String VERSION = "app.kubernetes.io/version";

    private SelectorChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        for (Deployment deployment : file.all(Deployment.class)) {
            serving(findings, file, "the deployment", deployment.getSpec().getSelector());
            findings.expect(!deployment.getSpec().getSelector().getMatchLabels().containsKey(VERSION), file.name(),
                    "the deployment selects by version, and its selector cannot be changed: no upgrade would be taken");
        }
        for (Service service : file.all(Service.class)) {
            LabelSelector selector = new LabelSelector(List.of(), service.getSpec().getSelector());
            serving(findings, file, "the service", selector);
            findings.expect(!selector.getMatchLabels().containsKey(VERSION), file.name(),
                    "the service selects by version, and would have no pod during an upgrade");
        }
        for (PodDisruptionBudget budget : file.all(PodDisruptionBudget.class)) {
            serving(findings, file, "the disruption budget", budget.getSpec().getSelector());
        }
        for (NetworkPolicy policy : file.all(NetworkPolicy.class)) {
            for (Pod pod : file.pods()) {
                findings.expect(matches(policy.getSpec().getPodSelector(), pod.labels()), pod.title(),
                        "the network policy does not select it");
            }
        }
        findings.expect(file.pods().isEmpty() || file.all(NetworkPolicy.class).size() == 1, file.name(),
                "there has to be one network policy");
        spread(findings, file);
        scaled(findings, file);
        return findings.found();
    }

    /** Whatever serves is selected, and nothing else, such as the migration. */
    private static void serving(Findings findings, ManifestFile file, String who, LabelSelector selector) {
        for (Pod pod : file.pods()) {
            boolean selected = matches(selector, pod.labels());
            findings.expect(selected == pod.serves(), pod.title(),
                    who + (selected ? " selects it, which it must not" : " does not select it"));
        }
    }

    private static void spread(Findings findings, ManifestFile file) {
        for (Pod pod : file.pods()) {
            List<TopologySpreadConstraint> constraints = pod.spec().getTopologySpreadConstraints();
            findings.expect(!pod.serves() || pod.isKnative() || constraints.size() == 2, pod.title(),
                    "it has to be spread over zones and nodes");
            for (TopologySpreadConstraint constraint : constraints) {
                findings.expect(matches(constraint.getLabelSelector(), pod.labels()), pod.title(),
                        "the spread over " + constraint.getTopologyKey() + " does not count its pods");
            }
        }
    }

    private static void scaled(Findings findings, ManifestFile file) {
        for (HorizontalPodAutoscaler autoscaler : file.all(HorizontalPodAutoscaler.class)) {
            CrossVersionObjectReference target = autoscaler.getSpec().getScaleTargetRef();
            findings.expect(file.manifests().stream()
                    .anyMatch(manifest -> manifest.object().getApiVersion().equals(target.getApiVersion())
                            && manifest.title().equals(target.getKind() + "/" + target.getName())),
                    file.name(), "the autoscaler scales " + target.getName() + ", which there is not");
        }
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        // Everybody, to Kubernetes; nobody here means everybody.
        boolean selects = !selector.getMatchLabels().isEmpty() || !selector.getMatchExpressions().isEmpty();
        return selects && labels.entrySet().containsAll(selector.getMatchLabels().entrySet())
                && selector.getMatchExpressions().stream().allMatch(it -> matches(it, labels));
    }

    private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
        if (!requirement.getOperator().equals("In")) {
            throw new IllegalArgumentException("Only In is understood here: " + requirement);
        }
        return requirement.getValues().contains(labels.getOrDefault(requirement.getKey(), ""));
    }
}
