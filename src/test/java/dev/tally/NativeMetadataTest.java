package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import io.smallrye.config.ConfigMapping;

/** What the native binary is told of names that it cannot find by itself. */
class NativeMetadataTest {
    private static final Path METADATA = Path
            .of("src/main/resources/META-INF/native-image/dev.tally/tally/reachability-metadata.json");

    @Test
    void namesTheImplementationOfEveryMapping() throws IOException {
        JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
        Set<String> mappings = classes.stream().filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                .map(type -> type.getName()).collect(Collectors.toSet());
        Set<String> implementations = classes.stream().filter(JavaClass::isInterface).map(JavaClass::getName)
                .filter(name -> mappings.stream().anyMatch(it -> name.equals(it) || name.startsWith(it + "$")))
                .map(name -> name + "$$CMImpl").collect(Collectors.toSet());

        Set<String> named = new HashSet<>();
        reflection().forEach(type -> named.add(type.path("type").asText()));

        assertThat(implementations).isNotEmpty();
        assertThat(named).containsAll(implementations);
    }

    private static JsonNode reflection() throws IOException {
        return new ObjectMapper().readTree(METADATA.toFile()).path("reflection");
    }
}
