package dev.tally.manifests;

import java.util.List;
import java.util.function.BiFunction;

/** What each file of {@code k8s} has to keep. Each rule has planted violations in {@link KubernetesManifestsTest}. */
enum ManifestRule {
    SELECTORS_FIND_WHAT_THEY_MEAN(SelectorChecks::violations), PORTS_ARE_THOSE_OF_THE_APPLICATION(
            PortChecks::violations), PROBES_ASK_WHAT_THERE_IS(ProbeChecks::violations), PODS_ARE_RESTRICTED(
                    PodSecurityChecks::violations), PODS_HAVE_ROOM_AND_TIME(
                            PodSizeChecks::violations), KNATIVE_TAKES_IT_WITHOUT_A_FLAG(
                                    KnativeChecks::violations), ENVIRONMENT_IS_KNOWN(
                                            EnvironmentChecks::violations), SECRETS_ARE_IN_THE_TEMPLATE(
                                                    SecretChecks::violations), THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT(
                                                            IngressChecks::violations), NOTHING_TELLS_OF_A_BUILD(
                                                                    BuildChecks::violations);

    @SuppressWarnings("ImmutableEnumChecker") // methods
    private final BiFunction<ManifestFile, Settings, List<String>> check;

    ManifestRule(BiFunction<ManifestFile, Settings, List<String>> check) {
        this.check = check;
    }

    /** What is wrong with a file, a sentence each. */
    List<String> violations(ManifestFile file, Settings settings) {
        return check.apply(file, settings);
    }
}
