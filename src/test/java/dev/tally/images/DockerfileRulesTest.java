package dev.tally.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

class DockerfileRulesTest {
    private static final Path DIRECTORY = Path.of("src/main/docker");
    private static final int PORT_OF_THE_STAND_IN = 8090;

    private final DockerIgnore ignore = DockerIgnore.read(Path.of(".dockerignore"));

    @ParameterizedTest
    @ValueSource(strings = {"native-micro", "jvm"})
    void findNothingInTheImagesOfTally(String form) throws IOException {
        Dockerfile file = Dockerfile.read(DIRECTORY.resolve("Dockerfile." + form));

        assertThat(DockerfileRules.faults(file, ignore, configuredPort())).isEmpty();
        assertThat(DockerfileRules.missingOfTally(file)).isEmpty();
    }

    @Test
    void findNothingInTheImageOfTheLocalServers() {
        Dockerfile file = Dockerfile.read(DIRECTORY.resolve("Dockerfile.local"));

        assertThat(DockerfileRules.faults(file, ignore, PORT_OF_THE_STAND_IN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                                                                  FROM base:1.0 AS training | FROM base AS training | a cache is recorded on the base that uses it; bases are pinned
                                                                  FROM base:1.0 AS training | FROM base:latest AS training | a cache is recorded on the base that uses it; bases are pinned
                                                                  FROM base:1.0 AS training | FROM base:2.0 AS training | a cache is recorded on the base that uses it
                                                                  RUN ["bash", "/record-aot"] | RUN bash /record-aot | no shell starts anything
                                                                  RUN ["bash", "/record-aot"] | RUN ["bash", "-c", "apt-get install curl"] | packages leave nothing behind
                                                                  ENTRYPOINT ["java"] | ENTRYPOINT java | no shell starts anything
                                                                  ENTRYPOINT ["java"] | ENTRYPOINT ["sh", "start"] | the image needs no shell
                                                                  EXPOSE 8080 | RUN ["touch", "/x"] | the image needs no shell; the port is the configured one
                                                                  EXPOSE 8080 | EXPOSE 8081 | the port is the configured one
                                                                  USER 1001 | USER tally | the user is a number other than root's
                                                                  USER 1001 | USER 0 | the user is a number other than root's
                                                                  USER 1001 | ENV X=1 | the user is a number other than root's
                                                                  COPY LICENSE /l | ADD LICENSE /l | files are copied and not added
                                                                  COPY LICENSE /l | COPY pom.xml /l | what is copied is there
                                                                  COPY LICENSE /l | COPY target/quarkus-app/tally.aot /l | what is copied is there
                                                                  COPY LICENSE /l | COPY LICENSE l | paths are absolute
                                                                  COPY LICENSE /l | COPY --chown=1001 LICENSE /l | the user owns nothing
                                                                  COPY LICENSE /l | COPY --chmod=0666 LICENSE /l | the user owns nothing
                                                                  WORKDIR /app | ENV DB_PASSWORD=x | no secret is built in
                                                                  title | name | labels say what it is
                                                                  base.name="base:1.0" | base.name="base:0.9" | labels say what it is
                                                                  """)
    void findWhatIsPlanted(String good, String bad, String rules) {
        String text = """
                      FROM base:1.0 AS training
                      COPY src/main/docker/record-aot /record-aot
                      RUN ["bash", "/record-aot"]
                      FROM base:1.0
                      LABEL org.opencontainers.image.title="x" \\
                            org.opencontainers.image.description="x" \\
                            org.opencontainers.image.licenses="x" \\
                            org.opencontainers.image.base.name="base:1.0"
                      # A comment
                      WORKDIR /app
                      COPY LICENSE /l
                      COPY --from=training /app/ /app/
                      EXPOSE 8080
                      USER 1001
                      ENTRYPOINT ["java"]
                      """;
        assertThat(DockerfileRules.faults(Dockerfile.parse(text), ignore, configuredPort())).isEmpty();

        Dockerfile planted = Dockerfile.parse(text.replace(good, bad));

        assertThat(DockerfileRules.faults(planted, ignore, configuredPort()).keySet())
                .containsExactlyInAnyOrder(rules.split("; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            /sbom/tally.cdx.json           | /sbom/other.json | SBOM
                                            org.opencontainers.image.version | version        | version
                                            ["java", "@tally.args", "healthy"] | ["java", "@tally.args"] | HEALTHCHECK
                                            """)
    void findWhatAnImageOfTallyLacks(String good, String bad, String missing) throws IOException {
        Dockerfile planted = Dockerfile
                .parse(Files.readString(DIRECTORY.resolve("Dockerfile.jvm")).replace(good, bad));

        assertThat(DockerfileRules.missingOfTally(planted)).singleElement().asString().contains(missing);
    }

    private static int configuredPort() {
        try {
            return new SmallRyeConfigBuilder().addDefaultInterceptors()
                    .withSources(new PropertiesConfigSource(
                            Path.of("src/main/resources/application.properties").toUri().toURL()))
                    .build().getValue("quarkus.http.port", Integer.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
