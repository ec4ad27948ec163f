package dev.tally.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is checked in for Kubernetes keeps the rules, and each rule is seen to fail on values that were planted. */
class KubernetesManifestsTest {
    private static final Settings SETTINGS = new Settings();

    @Test
    void hasWhatEachFormNeeds() {
        assertThat(titles("kubernetes.yml")).containsExactlyInAnyOrder("ServiceAccount/tally", "ConfigMap/tally",
                "Job/tally-migrate", "Deployment/tally", "Service/tally", "Ingress/tally",
                "HorizontalPodAutoscaler/tally", "PodDisruptionBudget/tally", "NetworkPolicy/tally");
        assertThat(titles("knative.yml")).containsExactlyInAnyOrder("ServiceAccount/tally", "ConfigMap/tally",
                "Job/tally-migrate", "Service/tally", "NetworkPolicy/tally");
        assertThat(titles("namespace.yml")).containsExactly("Namespace/tally");
    }

    @ParameterizedTest
    @MethodSource("rulesAndFiles")
    void keeps(ManifestRule rule, String file) {
        assertThat(rule.violations(ManifestFile.named(file), SETTINGS)).isEmpty();
    }

    static Stream<Arguments> rulesAndFiles() {
        List<ManifestFile> files = ManifestFile.all();
        return Stream.of(ManifestRule.values())
                .flatMap(rule -> files.stream().map(file -> Arguments.of(rule, file.name())));
    }

    /** The last columns: the place, the value that is planted there (none: what was there is removed), what is said. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Deployment/tally | /spec/selector/matchLabels/app.kubernetes.io~1name | other | the deployment does not select it",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Deployment/tally | /spec/selector/matchLabels/app.kubernetes.io~1version | \"1\" | selects by version",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Deployment/tally | /spec/template/spec/topologySpreadConstraints/1/labelSelector/matchLabels/app.kubernetes.io~1name | other | does not count its pods",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Deployment/tally | /spec/template/spec/topologySpreadConstraints/0 | | spread over zones and nodes",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Service/tally | /spec/selector/app.kubernetes.io~1version | \"1\" | would have no pod",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Service/tally | /spec/selector | {app.kubernetes.io/part-of: tally} | Job/tally-migrate: the service selects it",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | Service/tally | /spec/selector | {} | the service does not select it",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | PodDisruptionBudget/tally | /spec/selector/matchLabels/app.kubernetes.io~1name | other | budget does not select it",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | NetworkPolicy/tally | /spec/podSelector/matchExpressions/0/values/1 | | Job/tally-migrate: the network policy does not",
            "SELECTORS_FIND_WHAT_THEY_MEAN | kubernetes.yml | HorizontalPodAutoscaler/tally | /spec/scaleTargetRef/name | other | scales other",
            "SELECTORS_FIND_WHAT_THEY_MEAN | knative.yml | NetworkPolicy/tally | /spec/podSelector/matchExpressions/0/values/0 | | Service/tally: the network policy does not",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/ports/0/containerPort | 8081 | other than 8080",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/readinessProbe/httpGet/port | 8081 | a probe asks another port",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/ports | | has to have a port",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | Service/tally | /spec/ports/0/targetPort | 8081 | the service sends to another port",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | Ingress/tally | /spec/rules/0/http/paths/0/backend/service/name | other | that there is not",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | Ingress/tally | /spec/rules/0/http/paths/0/backend/service/port | {number: 81} | that there is not",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | ConfigMap/tally | /data/APP_PORT | \"8081\" | cannot be changed by the ConfigMap",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | ConfigMap/tally | /data/POSTGRES_URL | jdbc:postgresql://p:6432/tally | lets out to",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | NetworkPolicy/tally | /spec/ingress/0/ports/0/port | 8081 | lets in at",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | NetworkPolicy/tally | /spec/ingress/0/from | | lets everybody in",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | NetworkPolicy/tally | /spec/egress/0 | | lets out to",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | kubernetes.yml | NetworkPolicy/tally | /spec/policyTypes/1 | | both directions",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | knative.yml | NetworkPolicy/tally | /spec/ingress/0/ports/0 | | lets in at",
            "PORTS_ARE_THOSE_OF_THE_APPLICATION | knative.yml | Service/tally | /spec/template/spec/containers/0/livenessProbe/httpGet/port | 8080 | a probe asks another port",
            "PROBES_ASK_WHAT_THERE_IS | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/startupProbe | | it has the probes",
            "PROBES_ASK_WHAT_THERE_IS | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/livenessProbe/httpGet/path | /q/health/ready | liveness does not ask",
            "PROBES_ASK_WHAT_THERE_IS | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/readinessProbe/timeoutSeconds | 5 | exhausted pool",
            "PROBES_ASK_WHAT_THERE_IS | knative.yml | Service/tally | /spec/template/spec/containers/0/readinessProbe | | it has the probes",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/hostNetwork | true | shares",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/volumes/- | {name: host, hostPath: {path: /}} | a volume that",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/automountServiceAccountToken | | has the token",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/serviceAccountName | default | no service account",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/enableServiceLinks | | CLICKHOUSE_PORT",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/privileged | true | is privileged",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation | | more privileges",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/capabilities/drop/0 | NET_RAW | has capabilities",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/capabilities/add | [NET_ADMIN] | has capabilities",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/runAsNonRoot | | as root",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/runAsUser | 0 | user",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/seccompProfile/type | Unconfined | system calls",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem | false | write to its image",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/securityContext | | may run as root",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/ports/0/hostPort | 80 | a port of its node",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/volumeMounts/0/mountPath | /app | write elsewhere",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/volumeMounts/0/readOnly | true | write elsewhere",
            "PODS_ARE_RESTRICTED | kubernetes.yml | ServiceAccount/tally | /automountServiceAccountToken | | hands out its token",
            "PODS_ARE_RESTRICTED | kubernetes.yml | Job/tally-migrate | /spec/template/spec/containers/0/securityContext/capabilities | | has capabilities",
            "PODS_ARE_RESTRICTED | knative.yml | Service/tally | /spec/template/spec/containers/0/securityContext/seccompProfile | | system calls",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/resources/requests/cpu | | what it needs",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/resources/limits/memory | | no limit",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/resources/limits/cpu | 500m | processor time",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Job/tally-migrate | /spec/template/spec/containers/0/resources | | what it needs",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Job/tally-migrate | /spec/template/spec/volumes/0/emptyDir/sizeLimit | | no sizeLimit",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/template/spec/volumes/0/emptyDir/sizeLimit | 4Gi | smaller than",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/template/spec/terminationGracePeriodSeconds | 55 | killed after 55 s",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/template/spec/terminationGracePeriodSeconds | | killed after 0 s",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/replicas | 2 | each apply",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | Deployment/tally | /spec/strategy/rollingUpdate/maxUnavailable | 1 | before it ends one",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | HorizontalPodAutoscaler/tally | /spec/minReplicas | 1 | alone",
            "PODS_HAVE_ROOM_AND_TIME | kubernetes.yml | PodDisruptionBudget/tally | /spec/maxUnavailable | 2 | evicted at once",
            "PODS_HAVE_ROOM_AND_TIME | knative.yml | Service/tally | /spec/template/spec/timeoutSeconds | 20 | killed after 20 s",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/spec/securityContext | {runAsNonRoot: true} | takes securityContext only",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/spec/terminationGracePeriodSeconds | 45 | takes terminationGracePeriodSeconds only",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/spec/containers/0/lifecycle | {} | takes lifecycle only",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/spec/containers/0/securityContext/procMount | Default | takes procMount only",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/spec/volumes/- | {name: n, hostPath: {path: /}} | takes hostPath only",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/spec/timeoutSeconds | 601 | no request to take longer",
            "KNATIVE_TAKES_IT_WITHOUT_A_FLAG | knative.yml | Service/tally | /spec/template/metadata/annotations/autoscaling.knative.dev~1scale-to-zero-pod-retention-period | 10m | before a report",
            "ENVIRONMENT_IS_KNOWN | kubernetes.yml | ConfigMap/tally | /data/TALY_ZONE | UTC | TALY_ZONE",
            "ENVIRONMENT_IS_KNOWN | kubernetes.yml | ConfigMap/tally | /metadata/name | other | ConfigMap tally",
            "ENVIRONMENT_IS_KNOWN | kubernetes.yml | ConfigMap/tally | /data/TALLY_USERS_FILE | /app/users | is not mounted",
            "ENVIRONMENT_IS_KNOWN | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/- | {name: TALY_ZONE, value: UTC} | TALY_ZONE",
            "ENVIRONMENT_IS_KNOWN | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/- | {name: TALLY_ZONE, valueFrom: {configMapKeyRef: {name: other, key: Z}}} | ConfigMap other",
            "ENVIRONMENT_IS_KNOWN | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/envFrom | | has no ConfigMap",
            "ENVIRONMENT_IS_KNOWN | knative.yml | Service/tally | /spec/template/spec/containers/0/volumeMounts/1 | | is not mounted",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/1 | {name: POSTGRES_PASSWORD, value: x} | not from one",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef/name | other | the secret other",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef/key | POSTGRES_USER | value of another",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef/optional | true | commented out",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/- | {name: AWS_SESSION_TOKEN, valueFrom: {secretKeyRef: {name: tally, key: AWS_SESSION_TOKEN}}} | have AWS_SESSION_TOKEN",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/containers/0/env/2 | | does not get",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/volumes/1/secret/secretName | other | mounts other",
            "SECRETS_ARE_IN_THE_TEMPLATE | kubernetes.yml | Deployment/tally | /spec/template/spec/volumes/1/secret/defaultMode | 256 | cannot read",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-read-timeout | | proxy-read-timeout is 60 s",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-send-timeout | \"600\" | proxy-send-timeout is 600 s",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-read-timeout | \"700\" | the application closes",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-body-size | 9g | uploads are bounded",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-buffering | \"on\" | proxy-buffering",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-request-buffering | | proxy-request-buffering",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-next-upstream | | charged again",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /spec/tls | | in the clear",
            "THE_INGRESS_WAITS_AND_DOES_NOT_REPEAT | kubernetes.yml | Ingress/tally | /spec/rules/0/host | | every host",
            "NOTHING_TELLS_OF_A_BUILD | kubernetes.yml | Deployment/tally | /spec/template/metadata/annotations | {app.quarkus.io/commit-id: abc} | commit-id",
            "NOTHING_TELLS_OF_A_BUILD | kubernetes.yml | Deployment/tally | /metadata/namespace | tally | namespace",
            "NOTHING_TELLS_OF_A_BUILD | kubernetes.yml | Job/tally-migrate | /spec/template/spec/containers/0/image | tally:0 | not that of this version",
            "NOTHING_TELLS_OF_A_BUILD | knative.yml | Service/tally | /spec/template/spec/containers/0/imagePullPolicy | Always | registry is away"})
    void findsWhatWasPlanted(ManifestRule rule, String file, String title, String pointer, @Nullable String value,
            String said) {
        ManifestFile planted = ManifestFile.named(file).with(title, pointer, value);

        assertThat(rule.violations(planted, SETTINGS)).anySatisfy(violation -> assertThat(violation).contains(said));
    }

    private static Stream<String> titles(String file) {
        return ManifestFile.named(file).manifests().stream().map(Manifest::title);
    }
}
