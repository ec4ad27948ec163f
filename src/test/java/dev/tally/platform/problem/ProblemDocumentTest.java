package dev.tally.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** {@link ProblemCode} is the source of docs/problems.md, as it is of the page at /problems. */
class ProblemDocumentTest {
    private static final Path DOCUMENT = Path.of("docs", "problems.md");
    private static final String HEADING = "## ";

    @Test
    void describesEveryCodeAsTheServiceDoes() throws IOException {
        String document = Files.readString(DOCUMENT);

        String sections = document.substring(document.indexOf(HEADING));

        assertThat(sections).as("replace what follows the introduction of docs/problems.md by this").isEqualTo(
                Arrays.stream(ProblemCode.values()).map(ProblemDocumentTest::section)
                        .collect(Collectors.joining("\n")));
    }

    private static String section(ProblemCode code) {
        return """
               %s%s
               **%d %s.** %s %s
               """.formatted(HEADING, code, code.status(), code.title(), code.meaning(), code.retry().sentence());
    }
}
