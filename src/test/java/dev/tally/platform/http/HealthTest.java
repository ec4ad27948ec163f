package dev.tally.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class HealthTest {
    @Test
    void isReadyWithItsDatabase() {
        given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"))
                .body("checks.find { it.name == 'database' }.data.state", is("connected"));
        given().get("/health").then().statusCode(200).body("status", is("healthy"))
                .body("database", is("connected"));
    }

    @Test
    void waitsForTheLastOfTheMigrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            int last = files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("V"))
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__")))).max().orElseThrow();

            assertThat(PingQueries.NEWEST_MIGRATION).isEqualTo(String.valueOf(last));
        }
    }
}
