package dev.tally.platform.openapi;

import static dev.tally.testsupport.ConsumersForTests.with;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.openapi.Description.Operation;
import dev.tally.testsupport.Chaos;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;

/** Who may do what: every operation by every kind of caller. The table is the promise; the test asks for each of its cells. */
@QuarkusTest
@Tag(Chaos.TAG)
@TestProfile(AuthorisationTest.WithAdminKey.class)
class AuthorisationTest {
    private static final String ADMIN_KEY = "known-to-the-tests-of-who-may-and-to-nobody-else";

    /**
     * Callers without credentials (none) or with wrong ones (wrong); with an API key without scopes (key), with one scope
     * (calls, ana, inter, rep), or of an administrator (adm.key); with {@code x-admin-key} (x-admin); users with a role
     * (viewer, operat, admin). A cell is the status that refuses, or a dot for what is not refused.
     */
    private static final String TABLE = """
                                        operation                                 | none wrong key calls ana inter rep adm.key x-admin viewer operat admin
                                        GET /health                               | .    401   .   .     .   .     .   .       .       .      .      .
                                        POST /auth/signup                         | .    401   .   .     .   .     .   .       .       .      .      .
                                        GET /whoami                               | 401  401   .   .     .   .     .   .       .       .      .      .

                                        GET /api/usage                            | 401  401   403 .     403 403   403 403     403     .      .      .
                                        GET /api/usage/top                        | 401  401   403 .     403 403   403 403     403     .      .      .
                                        GET /api/usage/{msisdn}                   | 401  401   403 .     403 403   403 403     403     .      .      .
                                        GET /api/usage/{msisdn}/summary           | 401  401   403 .     403 403   403 403     403     .      .      .
                                        POST /api/usage/search                    | 401  401   403 .     403 403   403 403     403     .      .      .
                                        POST /api/usage/cdrs                      | 401  401   403 403   403 403   403 403     403     403    .      .

                                        GET /analytics                            | 401  401   403 403   .   403   403 403     403     .      .      .
                                        GET /analytics/{metric}                   | 401  401   403 403   .   403   403 403     403     .      .      .
                                        GET /audits/top-services                  | 401  401   403 403   .   403   403 403     403     .      .      .
                                        GET /claims/stats                         | 401  401   403 403   .   403   403 403     403     .      .      .
                                        GET /payments/avg                         | 401  401   403 403   .   403   403 403     403     .      .      .

                                        GET /api/v1/interactions/{customer_id}    | 401  401   403 403   403 .     403 403     403     .      .      .
                                        GET /api/v1/stats/customers               | 401  401   403 403   403 .     403 403     403     .      .      .
                                        GET /api/v1/stats/interactions            | 401  401   403 403   403 .     403 403     403     .      .      .
                                        GET /api/v1/stats/interactions/all        | 401  401   403 403   403 .     403 403     403     .      .      .
                                        GET /api/v1/stats/interactions/{customer_id} | 401 401 403 403   403 .     403 403     403     .      .      .
                                        GET /api/v1/imports                       | 401  401   403 403   403 403   403 403     403     .      .      .
                                        GET /api/v1/imports/{id}                  | 401  401   403 403   403 403   403 403     403     .      .      .
                                        GET /api/v1/imports/{id}/events           | 401  401   403 403   403 403   403 403     403     .      .      .
                                        GET /api/v1/imports/{id}/rejects          | 401  401   403 403   403 403   403 403     403     .      .      .
                                        POST /api/v1/imports                      | 401  401   403 403   403 403   403 403     403     403    .      .
                                        DELETE /api/v1/imports/{id}               | 401  401   403 403   403 403   403 403     403     403    .      .

                                        POST /reports/{product}                   | 401  401   403 403   403 403   .   403     403     403    .      .
                                        GET /reports                              | 401  401   403 403   403 403   .   403     403     .      .      .
                                        GET /reports/gcore/{uuid}                 | 401  401   403 403   403 403   .   403     403     .      .      .
                                        GET /reports/gcore/{uuid}/events          | 401  401   403 403   403 403   .   403     403     .      .      .
                                        POST /reports/gcore/{uuid}/download       | 401  401   403 403   403 403   .   403     403     .      .      .
                                        GET /reports/gcore/{uuid}/deliveries      | 401  401   403 403   403 403   403 403     403     .      .      .
                                        DELETE /reports/gcore/{uuid}              | 401  401   403 403   403 403   403 403     403     403    .      .

                                        GET /query                                | 401  401   .   .     .   .     .   .       403     403    403    403
                                        GET /record/{canonical_key}               | 401  401   .   .     .   .     .   .       403     403    403    403
                                        POST /records                             | 401  401   403 403   403 403   403 403     403     403    .      .
                                        GET /me                                   | 401  401   .   .     .   .     .   .       403     403    403    403
                                        GET /me/balances                          | 401  401   .   .     .   .     .   .       403     403    403    403
                                        GET /me/ledger                            | 401  401   .   .     .   .     .   .       403     403    403    403
                                        GET /me/usage                             | 401  401   .   .     .   .     .   .       403     403    403    403
                                        GET /keys                                 | 401  401   .   .     .   .     .   .       403     403    403    403
                                        POST /keys                                | 401  401   .   .     .   .     .   .       403     403    403    403
                                        POST /keys/{id}/rotate                    | 401  401   .   .     .   .     .   .       403     403    403    403
                                        DELETE /keys/{id}                         | 401  401   .   .     .   .     .   .       403     403    403    403

                                        POST /admin/topup                         | 401  401   403 403   403 403   403 .       .       403    403    .
                                        GET /admin/balances                       | 401  401   403 403   403 403   403 .       .       403    403    .
                                        GET /admin/ledger                         | 401  401   403 403   403 403   403 .       .       403    403    .
                                        GET /admin/logs                           | 401  401   403 403   403 403   403 .       .       403    403    .
                                        GET /admin/usage                          | 401  401   403 403   403 403   403 .       .       403    403    .
                                        GET /admin/users                          | 401  401   403 403   403 403   403 .       .       403    403    .
                                        PUT /admin/users/{id}/scopes              | 401  401   403 403   403 403   403 .       .       403    403    .
                                        GET /admin/log-levels                     | 401  401   403 403   403 403   403 403     403     403    403    .
                                        PUT /admin/log-levels/{category}          | 401  401   403 403   403 403   403 403     403     403    403    .
                                        DELETE /admin/log-levels/{category}       | 401  401   403 403   403 403   403 403     403     403    403    .
                                        """;

    /** There is an administrator's key. */
    public static final class WithAdminKey implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.admin.api-key", ADMIN_KEY);
        }
    }

    @Test
    void isWhatTheTableSays() throws JsonProcessingException {
        Map<String, String> promised = new TreeMap<>();
        TABLE.lines().skip(1).filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split("\\|", 2);
            promised.put(parts[0].strip(), parts[1].strip().replaceAll(" +", " "));
        });
        Description description = new Description(new ObjectMapper().readTree(given().get("/openapi.json").asString()));
        List<Supplier<RequestSpecification>> callers = callers();
        Map<String, String> found = new TreeMap<>();

        for (Operation operation : description.operations()) {
            List<String> cells = callers.stream().map(caller -> answerTo(caller.get(), description, operation))
                    .toList();
            found.put(operation.route(), String.join(" ", cells));
        }

        assertThat(found).containsExactlyEntriesOf(promised);
    }

    private static List<Supplier<RequestSpecification>> callers() {
        List<Supplier<RequestSpecification>> callers = new ArrayList<>();
        callers.add(() -> given());
        callers.add(() -> with("tly_wrong").auth().preemptive().basic("admin", "wrong"));
        for (String scopes : List.of("", "calls", "analytics", "interactions", "reports")) {
            callers.add(ConsumersForTests.signUp(scopes)::request);
        }
        Signed admin = ConsumersForTests.signUp();
        ConsumersForTests.execute("UPDATE users SET is_admin = true WHERE id = " + admin.userId());
        callers.add(admin::request);
        callers.add(() -> given().header("x-admin-key", ADMIN_KEY));
        for (String user : List.of("viewer", "operator", "admin")) {
            callers.add(() -> UsersForTests.as(user));
        }
        return callers;
    }

    /** What is asked for is nowhere, so that whoever may ask changes nothing. */
    private static String answerTo(RequestSpecification caller, Description description, Operation operation) {
        String path = operation.path().replaceAll("\\{[^}]*}", "none");
        // Another type would be refused before anybody asks who sends it.
        description.bodies(operation).fieldNames().forEachRemaining(caller::contentType);
        int status = caller.request(operation.method(), path).statusCode();
        return status == 401 || status == 403 ? Integer.toString(status) : ".";
    }
}
