package dev.tally.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictReaderTest {
    private static final String DEPLOYMENT = """
                                             apiVersion: apps/v1
                                             kind: Deployment
                                             metadata:
                                               name: tally
                                               labels: {tier: "1"}
                                             spec:
                                               replicas: 2
                                               template:
                                                 spec:
                                                   containers:
                                                     - name: tally
                                                       env: [{name: LOG_LEVEL, value: "on"}]
                                                       resources: {requests: {cpu: 500m}}
                                             """;

    @Test
    void readsWhatIsRight() {
        List<Manifest> manifests = StrictReader.read("it.yml", "---\n" + DEPLOYMENT + "---\n" + DEPLOYMENT);

        assertThat(manifests).hasSize(2).allSatisfy(it -> assertThat(it.title()).isEqualTo("Deployment/tally"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "an unknown field                    | replicas: 2    | replica: 2                      | replica",
            "a known one in the wrong place      | replicas: 2    | terminationGracePeriodSeconds: 1| terminationGrace",
            "the drawer for unknown ones         | replicas: 2    | additionalProperties: {}        | additionalProperties",
            "an unknown one far below            | cpu: 500m}}    | cpu: 500m}, limit: {}}          | limit",
            "the same twice                      | replicas: 2    | {replicas: 2, replicas: 3}      | it.yml",
            "a number that is a text             | replicas: 2    | replicas: '2'                   | replicas",
            "a text that is a number             | tier: \"1\"    | tier: 1                         | String",
            "a text that is a truth value        | value: \"on\"  | value: true                     | String",
            "a kind that Tally does not need     | Deployment     | DaemonSet                       | DaemonSet",
            "a version that does not have it     | apps/v1        | apps/v1beta1                    | apps/v1beta1"})
    void refuses(String what, String right, String wrong, String said) {
        String yaml = DEPLOYMENT.replace(right, wrong);
        assertThat(yaml).as(what).isNotEqualTo(DEPLOYMENT);

        assertThatThrownBy(() -> StrictReader.read("it.yml", yaml)).hasMessageContaining(said);
    }

    @Test
    void refusesASecret() {
        assertThatThrownBy(() -> StrictReader.read("it.yml", "apiVersion: v1\nkind: Secret\n"))
                .hasMessageContaining("Secret");
    }

    @Test
    void leavesRulesOfAlertsToPrometheus() {
        assertThat(StrictReader.read("it.yml", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n"))
                .isEmpty();
    }
}
