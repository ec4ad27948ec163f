package dev.tally.platform.openapi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.TwoReplicas;
import dev.tally.testsupport.UsersForTests;

/** A request of each operation that does what it is for, and what answers it while nothing is wrong. */
final class FaultRequests {
    /**
     * With which parts an operation may have to do: PostgreSQL, ClickHouse, S3, Gcore. What depends on none of them, or on
     * others, has to be answered as ever. {@code =} after the statuses: the same bytes each time.
     */
    private static final String TABLE = """
                                        GET /api/usage/{msisdn}                    | P    | viewer   | 200=        | /api/usage/352621000001?fill=zero&start_date=2024-01-01&end_date=2024-12-31
                                        GET /api/usage/{msisdn}/summary            | P    | viewer   | 200=        | /api/usage/352621000001/summary
                                        GET /api/usage                             | P    | viewer   | 200=        | /api/usage?msisdns=352621000001,352621000002&format=csv
                                        POST /api/usage/search                     | P    | viewer   | 200=        | /api/usage/search | {"msisdns":["352621000001"]}
                                        GET /api/usage/top                         | P    | viewer   | 200=        | /api/usage/top?by=duration
                                        POST /api/usage/cdrs                       | P    | operator | 200         | /api/usage/cdrs | @cdrs
                                        GET /health                                | P    | nobody   | 200         | /health
                                        GET /query                                 | PC   | key      | 200         | /query?limit=1000&format=csv
                                        GET /record/{canonical_key}                | PC   | key      | 200         | /record/fault_1
                                        POST /records                              | PC   | operator | 200         | /records | @records
                                        POST /admin/topup                          | P    | adminKey | 200         | /admin/topup?user_email={email}&amount=7
                                        GET /admin/users                           | P    | admin    | 200         | /admin/users?limit=1000
                                        PUT /admin/users/{id}/scopes               | P    | admin    | 200         | /admin/users/{user}/scopes | {"scopes":["calls","reports","interactions","analytics"]}
                                        GET /admin/ledger                          | P    | admin    | 200         | /admin/ledger?user_email={email}
                                        GET /admin/balances                        | P    | admin    | 200         | /admin/balances?user_email={email}
                                        GET /admin/usage                           | P    | admin    | 200         | /admin/usage
                                        GET /admin/logs                            | P    | admin    | 200         | /admin/logs
                                        GET /me                                    | P    | key      | 200         | /me
                                        GET /me/ledger                             | P    | key      | 200         | /me/ledger?format=xlsx
                                        GET /me/balances                           | P    | key      | 200         | /me/balances
                                        GET /me/usage                              | P    | key      | 200         | /me/usage
                                        POST /auth/signup                          | P    | nobody   | 201         | /auth/signup | {"name":"N","email":"{token}@example.com"}
                                        GET /keys                                  | P    | key      | 200         | /keys
                                        POST /keys                                 | P    | key      | 201         | /keys | {"name":"{token}"}
                                        DELETE /keys/{id}                          | P    | key      | 204,404     | /keys/{spare}
                                        POST /keys/{id}/rotate                     | P    | key      | 201,404     | /keys/{other}/rotate | {}
                                        GET /admin/log-levels                      | P    | admin    | 200         | /admin/log-levels
                                        PUT /admin/log-levels/{category}           | P    | admin    | 200         | /admin/log-levels/org.flywaydb | {"level":"info"}
                                        DELETE /admin/log-levels/{category}        | P    | admin    | 204         | /admin/log-levels/io.agroal
                                        GET /api/v1/interactions/{customer_id}     | P    | viewer   | 200=        | /api/v1/interactions/4
                                        GET /api/v1/stats/interactions/{customer_id} | P  | viewer   | 200=        | /api/v1/stats/interactions/4?format=xlsx
                                        GET /api/v1/stats/interactions/all         | P    | viewer   | 200=        | /api/v1/stats/interactions/all
                                        GET /api/v1/stats/interactions             | P    | viewer   | 200=        | /api/v1/stats/interactions?group_by=channel
                                        GET /api/v1/stats/customers                | P    | viewer   | 200=        | /api/v1/stats/customers
                                        POST /api/v1/imports                       | P    | operator | 200,201,202,409 | /api/v1/imports | @workbook
                                        GET /api/v1/imports                        | P    | viewer   | 200         | /api/v1/imports
                                        GET /api/v1/imports/{id}                   | P    | viewer   | 200=        | /api/v1/imports/{import}
                                        DELETE /api/v1/imports/{id}                | P    | operator | 404         | /api/v1/imports/00000000-0000-4000-8000-000000000000
                                        GET /api/v1/imports/{id}/events            | P    | viewer   | 200         | /api/v1/imports/{import}/events
                                        GET /api/v1/imports/{id}/rejects           | P    | viewer   | 200=        | /api/v1/imports/{import}/rejects?format=csv
                                        GET /claims/stats                          | S    | viewer   | 200=        | /claims/stats
                                        GET /payments/avg                          | S    | viewer   | 200=        | /payments/avg
                                        GET /audits/top-services                   | S    | viewer   | 200=        | /audits/top-services
                                        GET /analytics                             |      | viewer   | 200=        | /analytics
                                        GET /analytics/{metric}                    | S    | viewer   | 200         | /analytics/claims-stats
                                        GET /whoami                                |      | viewer   | 200=        | /whoami
                                        POST /reports/{product}                    | PG   | operator | 200,202     | /reports/cloud | {"gcore_user_id":"829449","start_date":"{day}","end_date":"{day}"}
                                        GET /reports                               | P    | viewer   | 200         | /reports
                                        GET /reports/gcore/{uuid}                  | PS   | viewer   | 200=        | /reports/gcore/{report}?format=csv
                                        DELETE /reports/gcore/{uuid}               | P    | operator | 409         | /reports/gcore/{report}
                                        POST /reports/gcore/{uuid}/download        | PS   | viewer   | 200         | /reports/gcore/{report}/download?format=csv
                                        GET /reports/gcore/{uuid}/events           | P    | viewer   | 200         | /reports/gcore/{report}/events
                                        GET /reports/gcore/{uuid}/deliveries       | P    | operator | 200         | /reports/gcore/{report}/deliveries
                                        """;
    private static final String BOUNDARY = "boundary-of-the-test";
    private static final LocalDate FIRST_DAY = LocalDate.of(2022, 1, 1);
    private static final int MAX_DAYS = 1_000;

    private FaultRequests() {}

    /**
     * A line of the table.
     *
     * @param parts its letters
     * @param statuses while nothing is wrong
     * @param isStable whether the same bytes come each time
     * @param body empty when there is none
     */
    record Row(String route, String parts, String caller, Set<Integer> statuses, boolean isStable, String target,
            String body) {
        boolean dependsOn(char part) {
            return parts.indexOf(part) >= 0;
        }

        private boolean isKeyed() {
            return body.isEmpty() ? route.startsWith("POST /admin") || caller.equals("key") : !body.startsWith("@cdrs");
        }

        /**
         * The request.
         *
         * @param values of what stands in braces
         * @param token of this attempt; who repeats it repeats the request
         */
        HttpRequest.Builder request(PackagedTally tally, Map<String, String> values, String token) {
            HttpRequest.Builder request = tally.request(filled(target, values, token)).header("Prefer",
                    body.equals("@workbook") ? "wait=10" : "respond-async");
            switch (caller) {
                case "key" -> request.header("x-api-key", values.get("{apiKey}"));
                case "adminKey" -> request.header("x-admin-key", TwoReplicas.ADMIN_KEY);
                case "nobody" -> {
                    // It is open.
                }
                default -> request.header("Authorization", UsersForTests.basic(caller));
            }
            if (isKeyed()) {
                request.header("Idempotency-Key", token + "-" + Integer.toHexString(route.hashCode()));
            }
            if (!body.isEmpty()) {
                request.header("Content-Type", contentType());
            }
            if (route.endsWith("/events")) {
                request.header("Accept", "text/event-stream");
            }
            return request.method(route.substring(0, route.indexOf(' ')), publisher(values, token));
        }

        private String contentType() {
            return switch (body) {
                case "@cdrs", "@records" -> "text/csv";
                case "@workbook" -> "multipart/form-data; boundary=" + BOUNDARY;
                default -> "application/json";
            };
        }

        private BodyPublisher publisher(Map<String, String> values, String token) {
            return switch (body) {
                case "" -> BodyPublishers.noBody();
                case "@cdrs" -> BodyPublishers.ofString(CDRS);
                case "@records" -> BodyPublishers.ofString(RECORDS);
                case "@workbook" -> BodyPublishers.ofByteArray(workbook());
                default -> BodyPublishers.ofString(filled(body, values, token));
            };
        }

        private static String filled(String text, Map<String, String> values, String token) {
            String filled = text.replace("{token}", token).replace("{day}",
                    FIRST_DAY.plusDays(Math.floorMod(token.hashCode(), MAX_DAYS)).toString());
            for (Map.Entry<String, String> value : values.entrySet()) {
                filled = filled.replace(value.getKey(), value.getValue());
            }
            return filled;
        }

        @Override
        public String toString() {
            return route;
        }
    }

    /** Of people who call in the table. */
    private static final String CDRS = """
                                       event_id,msisdn,call_type,start_time,duration_seconds
                                       fault-1,352621000001,voice,2024-01-01T10:00:00Z,60
                                       fault-2,352621000002,video,2024-01-02T10:00:00Z,61
                                       """;
    private static final String RECORDS = records();

    private static String records() {
        StringBuilder csv = new StringBuilder("canonical_key,name\n");
        for (int record = 0; record < 2_000; record++) {
            csv.append("fault_").append(record).append(",Of the faults ").append(record).append('\n');
        }
        return csv.toString();
    }

    private static byte[] workbook() {
        try {
            ByteArrayOutputStream form = new ByteArrayOutputStream();
            form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\""
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            form.writeBytes(Files.readAllBytes(Path.of("docs/sample-interactions.xlsx")));
            form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
            return form.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Row> rows() {
        return TABLE.lines().map(FaultRequests::row).toList();
    }

    private static Row row(String line) {
        List<String> cells = Arrays.stream(line.split("\\|", 6)).map(String::strip).toList();
        String statuses = cells.get(3);
        return new Row(cells.get(0), cells.get(1), cells.get(2),
                Arrays.stream(statuses.replace("=", "").split(",")).map(Integer::valueOf).collect(Collectors.toSet()),
                statuses.endsWith("="), cells.get(4), cells.size() > 5 ? cells.get(5) : "");
    }
}
