package dev.tally.platform.metrics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;

/** What the documents, the dashboard and the alerts speak of is what a running application has. */
@QuarkusTest
@NeedsClickHouse
class ObservedMetricsTest {
    private static final Path OPERATIONS = Path.of("docs", "operations.md");
    private static final Path DASHBOARD = Path.of("k8s", "monitoring", "dashboard.json");
    private static final Path ALERTS = Path.of("k8s", "monitoring", "alerts.yml");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([A-Za-z_:][\\w:]*)[{ ]");
    private static final Pattern DOCUMENTED = Pattern.compile("`(tally_[a-z_]+)(\\*?)");
    private static final Pattern SUFFIX = Pattern.compile("_(count|sum|max|bucket)$");
    /** Those there are only once something has gone wrong that nobody can order here. */
    private static final Set<String> OF_FAULTS = Set.of("tally_analytics_clickhouse_fallbacks_total");
    /** Those that are not the application's. */
    private static final Set<String> OF_OTHERS = Set.of("up");
    private static volatile Set<String> names = Set.of();

    @Test
    void areAllDocumented() throws IOException {
        Set<String> there = names();
        List<MatchResult> documented = documented();

        assertThat(there).filteredOn(name -> name.startsWith("tally_")).isNotEmpty().allSatisfy(
                name -> assertThat(documented.stream().filter(each -> isSaidBy(each, name))).as(name).isNotEmpty());
    }

    @Test
    void areAllThereThatAreDocumented() throws IOException {
        Set<String> there = names();

        assertThat(documented()).isNotEmpty().filteredOn(each -> !OF_FAULTS.contains(each.group(1))).allSatisfy(
                each -> assertThat(there.stream().filter(name -> isSaidBy(each, name))).as(each.group())
                        .isNotEmpty());
    }

    @Test
    void ofTheDashboardAreThere() throws IOException {
        Set<String> there = names();
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<JsonNode> panels = list(dashboard.path("panels"));
        List<JsonNode> targets = panels.stream().flatMap(panel -> list(panel.path("targets")).stream()).toList();

        assertThat(targets).isNotEmpty().allSatisfy(target -> {
            assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
            assertThat(there).containsAll(PromNames.of(target.path("expr").asText()));
        });
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(list(dashboard.path("templating").path("list"))).extracting(each -> each.path("name").asText())
                .containsExactly("datasource", "job");
    }

    @Test
    void ofTheAlertsAreThereAndLeadToWhatToDo() throws IOException {
        Set<String> there = names();
        JsonNode alerts = new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile());
        List<JsonNode> rules = list(alerts.path("groups")).stream().flatMap(group -> list(group.path("rules")).stream())
                .toList();
        Set<String> anchors = anchors();

        assertThat(rules).extracting(rule -> rule.path("alert").asText()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(rules).allSatisfy(rule -> {
            Set<String> wanted = new TreeSet<>(PromNames.of(rule.path("expr").asText()));
            wanted.removeAll(OF_OTHERS);
            assertThat(there).containsAll(wanted);
            assertThat(ofAnybody(rule.path("expr").asText())).isEmpty();
            JsonNode says = rule.path("annotations");
            assertThat(says.path("summary").asText()).isNotBlank();
            assertThat(says.path("description").asText()).isNotBlank();
            assertThat(anchors).contains(says.path("runbook_url").asText());
            assertThat(rule.path("labels").path("severity").asText()).isIn("critical", "warning");
        });
    }

    /** What other applications have too, where the expression would take theirs. */
    private static Set<String> ofAnybody(String expression) {
        return PromNames.of(expression).stream().filter(name -> !name.startsWith("tally_"))
                .filter(name -> Pattern.compile("\\b" + name + "\\b(?!\\{\\s*job=~\"\\.\\*tally\\.\\*\")")
                        .matcher(expression)
                        .find())
                .collect(Collectors.toSet());
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors() throws IOException {
        return Files.readAllLines(OPERATIONS).stream().filter(line -> line.matches("##+ .*"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .map(anchor -> "docs/operations.md#" + anchor).collect(Collectors.toSet());
    }

    private static List<MatchResult> documented() throws IOException {
        return DOCUMENTED.matcher(Files.readString(OPERATIONS)).results()
                // Not names of things in the databases.
                .filter(each -> !Set.of("tally_keys", "tally_migrations", "tally_s").contains(each.group(1))).toList();
    }

    private static boolean isSaidBy(MatchResult documented, String name) {
        return documented.group(2).isEmpty()
                ? name.equals(documented.group(1))
                : name.startsWith(documented.group(1)) && SUFFIX.matcher(name).find();
    }

    /** Of all that is there after each job has done something; once, for it takes a while. */
    private static Set<String> names() {
        if (names.isEmpty()) {
            exercise();
            // Some are there only after their first turn, some seconds after the start.
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> scraped().containsAll(Set.of("tally_webhook_late_seconds",
                            "tally_credits_ledger_differences", "tally_reports_oldest_open_seconds",
                            "tally_reports_ended_total",
                            "tally_credits_sweep_timestamp_seconds")));
            names = scraped();
        }
        return names;
    }

    private static Set<String> scraped() {
        return SAMPLE.matcher(UsersForTests.as("viewer").get("/q/metrics").asString()).results()
                .map(each -> each.group(1)).collect(Collectors.toSet());
    }

    private static void exercise() {
        String event = Long.toString(System.nanoTime());
        List<Response> answers = new ArrayList<>();
        answers.add(given().get("/q/health/ready"));
        answers.add(UsersForTests.as("operator").contentType("text/csv; charset=utf-8")
                .body("event_id,msisdn,call_type,start_time,duration_seconds\n" + event
                        + ",352621000001,voice,2024-01-01T10:00:00Z,60\n")
                .post("/api/usage/cdrs"));
        answers.add(UsersForTests.as("viewer").get("/api/usage/352621000001"));
        answers.add(UsersForTests.as("operator").multiPart("file", new File("docs/sample-interactions.xlsx"))
                .post("/api/v1/imports"));
        answers.add(UsersForTests.as("viewer").get("/claims/stats"));
        answers.add(UsersForTests.as("operator").contentType(ContentType.JSON).body(Map.of("gcore_user_id", "829449",
                "start_date", "2018-05-01", "end_date", "2018-05-01")).post("/reports/cloud"));
        answers.add(UsersForTests.as("operator").contentType("text/csv; charset=utf-8")
                .body("canonical_key,name,email,phone,dob\nobserved_1,Observed,,,\n").post("/records"));
        ConsumersForTests.Signed consumer = ConsumersForTests.signUp();
        answers.add(consumer.request().get("/query?name_like=observed"));
        answers.add(UsersForTests.as("admin").header("Idempotency-Key", event)
                .post("/admin/topup?user_email=" + consumer.email() + "&amount=5"));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.asString()).isIn(200, 201));
        given().get("/nowhere").then().statusCode(401);
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }
}
