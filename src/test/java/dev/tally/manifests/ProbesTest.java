package dev.tally.manifests;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;

/** The probes of Kubernetes are answered, without a log-in. */
@QuarkusTest
class ProbesTest {
    @Test
    void areAnswered() {
        Set<String> paths = ManifestFile.all().stream().flatMap(file -> file.pods().stream())
                .flatMap(pod -> pod.probes().values().stream()).map(probe -> probe.getHttpGet().getPath())
                .collect(Collectors.toSet());

        assertThat(paths).hasSize(3).allSatisfy(path -> given().get(path).then().statusCode(200));
    }
}
