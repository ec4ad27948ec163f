package dev.tally.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;

/** What operators change stands in files that are written by hand, which name what the build writes. */
class KustomizationTest {
    private final JsonNode kustomization = StrictReader.tree(ManifestFile.text("kustomization.yaml"));

    @Test
    void takesOneOfTheFormsIntoItsNamespace() {
        List<String> resources = texts(kustomization.path("resources"));

        assertThat(resources).containsExactly("namespace.yml", "kubernetes.yml")
                .allSatisfy(file -> assertThat(Path.of("k8s", file)).exists());
        assertThat(ManifestFile.named("namespace.yml").manifests())
                .allSatisfy(it -> assertThat(it.name()).isEqualTo(kustomization.path("namespace").asText()));
    }

    @Test
    void namesTheImageOfThisVersion() {
        JsonNode image = kustomization.path("images").path(0);

        assertThat(image.path("name").asText()).isEqualTo("tally");
        assertThat(image.path("newTag").asText()).isEqualTo(new Settings().version());
    }

    @Test
    void makesTheSecretsOutOfFilesThatGitIgnores() throws IOException {
        List<String> ignored = Files.readAllLines(Path.of(".gitignore"));

        assertThat(kustomization.path("secretGenerator").findValuesAsText("name")).containsExactly("tally",
                "tally-users");
        assertThat(kustomization.path("secretGenerator").findValues("envs").getFirst()).hasSize(1)
                .allSatisfy(file -> assertThat(ignored).contains("/k8s/" + file.asText()));
        assertThat(kustomization.path("secretGenerator").findValues("files").getFirst()).hasSize(1)
                .allSatisfy(file -> assertThat(ignored).contains("/k8s/" + file.asText()));
        assertThat(kustomization.at("/generatorOptions/disableNameSuffixHash").asBoolean()).isTrue();
    }

    @Test
    void changesOnlyWhatIsThere() {
        List<String> objects = ManifestFile.named("kubernetes.yml").manifests().stream().map(Manifest::title).toList();

        assertThat(kustomization.path("patches")).isNotEmpty().allSatisfy(patch -> assertThat(objects).contains(
                patch.at("/target/kind").asText() + "/" + patch.at("/target/name").asText()));
        JsonNode variables = StrictReader.tree(kustomization.at("/patches/0/patch").asText()).path("data");
        assertThat(variables).isNotEmpty();
        assertThat(new Settings().variables())
                .containsAll(variables.properties().stream().map(variable -> variable.getKey()).toList());
    }

    @Test
    void saysHowManyConnectionsPostgresHasToAllow() {
        Settings settings = new Settings();
        // One more hears of changes of keys.
        long ofAProcess = settings.number("tally.postgres.max-connections")
                + settings.number("tally.postgres.max-event-loop-connections") + 1;
        ManifestFile file = ManifestFile.named("kubernetes.yml");
        int pods = file.all(HorizontalPodAutoscaler.class).getFirst().getSpec().getMaxReplicas() + file
                .all(Deployment.class).getFirst().getSpec().getStrategy().getRollingUpdate().getMaxSurge().getIntVal();

        assertThat(ManifestFile.text("README.md")).contains(pods + " × " + ofAProcess + " = " + pods * ofAProcess);
    }

    @Test
    void readsTheTemplateOfSecretsStrictly() {
        assertThat(SecretChecks.template("# why\n\nNEEDED=\n#OPTIONAL=\n"))
                .containsEntry("NEEDED", false).containsEntry("OPTIONAL", true).hasSize(2);
        assertThatThrownBy(() -> SecretChecks.template("PASSWORD=hunter2\n")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> SecretChecks.template("\npassword=\n")).hasMessageContaining("line 2");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
