package dev.tally.interactions;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;

@QuarkusTest
class ImportsTest {
    private static final String IMPORTS = "/api/v1/imports";

    @BeforeEach
    void clear() {
        InteractionsDatabase.clear();
    }

    static Response post(Workbooks workbook, String query) {
        return as("operator").multiPart("file", "book.xlsx", workbook.bytes()).post(IMPORTS + query);
    }

    private static ValidatableResponse imported(Workbooks workbook) {
        return post(workbook, "").then().statusCode(201).body("state", equalTo("completed"));
    }

    @Test
    void importsTheContract() {
        String location = imported(Workbooks.contract()).body("progress", equalTo(1.0f))
                .body("dry_run", equalTo(false)).body("file_name", equalTo("book.xlsx"))
                .body("sheets.sheet", contains("Customers", "External interactions", "Products of discussion"))
                .body("sheets.read", contains(5, 4, 3)).body("sheets.added", contains(5, 4, 3))
                .body("sheets.rejected", contains(0, 0, 0)).body("same_as", nullValue())
                .body("warnings", hasSize(1)).body("warnings[0].row", equalTo(3))
                .body("warnings[0].column", equalTo("Customers"))
                .body("warnings[0].message", startsWith("The customer 4 is not in the sheet \"Customers\"."))
                .header("Cache-Control", "no-store").extract().header("Location");

        as("viewer").get(location).then().statusCode(200).body("state", equalTo("completed"))
                .body("sheets.added", contains(5, 4, 3)).body("warnings", hasSize(1));
        as("viewer").get(IMPORTS).then().body("count", equalTo(1)).body("data[0].file_name", equalTo("book.xlsx"));
    }

    @Test
    void addsNothingWhenTheSameComesAgain() {
        String first = imported(Workbooks.contract()).extract().path("id");
        List<String> before = InteractionsDatabase.visible();
        Workbooks savedAnew = Workbooks.standard().customer("1 ", "Jedi", " Red").customer(2, "Batman", "Orange")
                .customer(3, "Santa  Claus", "Blue").customer("011", "Doctor", "Orange").customer(12, "Plummer", "Red")
                .interaction(LocalDateTime.of(2019, 10, 4, 9, 0), "e-mail", "1")
                .interaction("11.02.2020 16:10:00", " CALL", 4).interaction("2020-03-05T11:23", "bird", 4.0)
                .interaction("4 June 2021 1:01 PM", "E_Mail", "\u00A03").product(LocalDate.of(2019, 1, 1), "SAND")
                .product("Feb-2019", "sand ").product("2021/10", "orange");

        String again = imported(Workbooks.contract()).body("sheets.unchanged", contains(5, 4, 3))
                .body("sheets.added", contains(0, 0, 0)).body("same_as", equalTo(first)).extract().path("id");
        imported(savedAnew).body("sheets.unchanged", contains(5, 4, 3)).body("sheets.updated", contains(0, 0, 0))
                .body("same_as", equalTo(first))
                .body("warnings.message", hasItem("\"e-mail\" was read as \"Email\"."))
                .body("warnings.message", hasItem("\" CALL\" was read as \"Call\"."))
                .body("warnings.message", hasItem("\"SAND\" was read as \"Sand\"."));

        assertThat(InteractionsDatabase.visible()).isEqualTo(before);
        as("viewer").get(IMPORTS + "?limit=2").then().body("data.id", hasSize(2)).body("data[1].id", equalTo(again));
    }

    @Test
    void countsEqualRowsAsSeveralInteractions() {
        Workbooks two = Workbooks.standard().interaction("04/10/2019 09:00", "Call", "1; 4")
                .interaction("04/10/2019 09:00", "call", 1);
        imported(two).body("sheets[1].added", equalTo(2));
        imported(two).body("sheets[1].unchanged", equalTo(2));
        imported(two.interaction("04/10/2019 09:00", "CALL", 1)).body("sheets[1].added", equalTo(1))
                .body("sheets[1].unchanged", equalTo(2));

        as("viewer").get("/api/v1/interactions/1").then().body("data.interactions.Call", equalTo(3));
        as("viewer").get("/api/v1/interactions/4").then().body("data.interactions.Call", equalTo(1));
    }

    @Test
    void updatesCustomers() {
        imported(Workbooks.contract());

        imported(Workbooks.standard().customer(1, "Jedi", "Green").customer(4, "Pilot", null).customer(2, null, null)
                .customer(3, "Santa Claus", "Blue")).body("sheets[0].updated", equalTo(3))
                .body("sheets[0].unchanged", equalTo(1));

        assertThat(InteractionsDatabase.visible()).contains("customer 1 Jedi Green", "customer 4 Pilot null",
                "customer 2 null null");
    }

    @Test
    void storesNothingWhenARowIsWrong() {
        Workbooks wrong = Workbooks.contract().interaction("31/02/2020", "Call", 1).interaction("01/02/2020", "", 1)
                .interaction("01/02/2020", "Fax", "Jedi").customer(null, "Nobody", "Red").product("13-2019", "Sand")
                .customer(1, "Sith", "Red").product(43_466.0, "Sand").interaction(true, "Call", 1);

        Response response = post(wrong, "");
        response.then().statusCode(422).body("code", equalTo("UPLOAD_REJECTED"))
                .body("detail",
                        equalTo("8 rows of the workbook are wrong, so nothing was stored. Correct them, or import "
                                + "the others with on_error=skip."))
                .body("id", notNullValue()).body("reject_count", equalTo(8)).body("rejects", hasSize(8))
                .body("rejects.find { it.value == '31/02/2020' }",
                        equalTo(Map.of("sheet", "External interactions", "row",
                                6, "column", "Date Start", "value", "31/02/2020", "reason", "is not in the calendar")))
                .body("rejects.find { it.value == 'Jedi' }.row", equalTo(8))
                .body("rejects.find { it.sheet == 'Customers' && it.row == 7 }.reason", equalTo("is missing"))
                .body("rejects.find { it.sheet == 'Customers' && it.row == 8 }.reason",
                        equalTo("the customer is listed already, in row 2, with another occupation or type"));

        assertThat(InteractionsDatabase.visible()).isEmpty();
        String path = IMPORTS + "/" + response.path("id");
        as("viewer").get(path).then().body("state", equalTo("failed")).body("failure.code", equalTo("UPLOAD_REJECTED"))
                .body("sheets.rejected", contains(2, 4, 2)).body("rejects", hasSize(8));
        as("viewer").get(path + "/rejects?format=csv").then().statusCode(200)
                .body(startsWith("sheet,row,column,value,reason\r\n"))
                .body(containsString("External interactions,6,Date Start,31/02/2020,is not in the calendar\r\n"));
        as("viewer").accept("text/csv").get(path).then().statusCode(200)
                .body(startsWith("sheet,row,column,value,reason\r\n"));
        as("viewer").get(path + "/rejects").then().body("count", equalTo(8));
        as("viewer").get(path + "?format=xlsx").then().statusCode(200)
                .header("Content-Disposition", containsString("rejects.xlsx"));
        as("operator").delete(path).then().statusCode(409).body("code", equalTo("IMPORT_NOT_COMPLETED"));
    }

    @Test
    void skipsWrongRowsWhenAskedTo() {
        Workbooks wrong = Workbooks.contract().interaction("31/02/2020", "Fax", 1);

        post(wrong, "?on_error=skip").then().statusCode(201).body("sheets[1].rejected", equalTo(1))
                .body("sheets[1].added", equalTo(4)).body("rejects", hasSize(1)).body("reject_count", equalTo(1));

        assertThat(InteractionsDatabase.visible()).contains("interaction 1 2019-10-04 09:00:00 email 1")
                .noneMatch(row -> row.contains("fax"));
    }

    @Test
    void storesNothingInADryRun() {
        imported(Workbooks.contract());
        List<String> before = InteractionsDatabase.visible();
        Workbooks more = Workbooks.contract().interaction("01/02/2020", "Fax", 99).interaction("no", "Fax", 1)
                .customer(1, "Sith", "Red").customer(77, "Pilot", null);

        String id = post(more, "?dry_run=true").then().statusCode(200).body("dry_run", equalTo(true))
                .body("sheets.added", contains(1, 1, 0)).body("sheets.unchanged", contains(5, 4, 3))
                .body("rejects", hasSize(2)).body("state", equalTo("completed")).extract().path("id");

        assertThat(InteractionsDatabase.visible()).isEqualTo(before);
        as("viewer").get(IMPORTS + "/" + id).then().statusCode(200).body("rejects", hasSize(2));
        as("operator").delete(IMPORTS + "/" + id).then().statusCode(409);
        imported(Workbooks.contract().interaction("01/02/2020", "Fax", 99)).body("same_as", nullValue());
    }

    @Test
    void findsSheetsAndColumnsWhereverTheyAre() {
        Workbooks odd = new Workbooks().row("Products of discussion ", "Product", "DATE").row("Remarks", "hello")
                .row("Sheet3", "Contacts of the year").row("Sheet3").row("Sheet3", "Remark", "customers", "INTERACTION",
                        "date_start")
                .row("customers", "Type", "Occupation", "Customer Id", "Since")
                .row("Sheet3", "x", 1, "Call", "01/02/2020")
                .row("customers", "Red", "Jedi", 1, 2019).row("Products of discussion ", "Sand", "01-2019");

        imported(odd).body("sheets.sheet", contains("customers", "Sheet3", "Products of discussion "))
                .body("sheets.added", contains(1, 1, 1))
                .body("warnings.message", hasItem(
                        "The sheet was read as \"External interactions\", because it has its columns."))
                .body("warnings.find { it.sheet == 'Remarks' }.message", equalTo("The sheet was not read."))
                .body("warnings.find { it.column == 'Since' }.row", equalTo(1))
                .body("warnings.find { it.column == 'Remark' }.row", equalTo(3));

        as("viewer").get("/api/v1/interactions/1").then().body("data.interactions.Call", equalTo(1));
    }

    @Test
    void saysWhatIsMissing() {
        post(new Workbooks().row("Customers", "Customer_Id", "Type").row("External interactions", "x")
                .row("Products of discussion", "Date", "Product"), "").then().statusCode(422)
                .body("code", equalTo("WORKBOOK_INCOMPLETE")).body("detail", equalTo(
                        "The sheet \"Customers\" lacks the column Occupation. They are looked for in the first 20 rows."));
        post(new Workbooks().row("Customers", "Customer_Id", "Occupation", "Type"), "").then().statusCode(422)
                .body("detail",
                        equalTo("The workbook lacks the sheet \"External interactions\", and none has its columns: "
                                + "Date Start, Interaction, Customers."));
    }

    @Test
    void rejectsAFormulaThatWasNeverReckoned() {
        post(Workbooks.standard().interaction(new Workbooks.Formula("NOW()"), "Call", 1), "").then().statusCode(422)
                .body("rejects[0].reason", equalTo("is a formula without a stored value"));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        post(Workbooks.contract(), "?dry_run=perhaps").then().statusCode(400)
                .body("error", equalTo("Invalid dry_run. Use true or false."));
        post(Workbooks.contract(), "?on_error=stop").then().statusCode(400)
                .body("error", equalTo("Invalid on_error. Use skip or abort."));
        as("viewer").get(IMPORTS + "/no-id").then().statusCode(404).body("code", equalTo("IMPORT_NOT_FOUND"));
        as("viewer").get(IMPORTS + "?limit=0").then().statusCode(400);
        as("operator").delete(IMPORTS + "/00000000-0000-0000-0000-000000000000").then().statusCode(404);
    }

    @Test
    void goesOnWhenTheClientDoesNotWait() throws SQLException {
        String location;
        try (Connection _ = InteractionsDatabase.hold()) {
            location = as("operator").header("Prefer", "respond-async")
                    .multiPart("file", "book.xlsx", many(20_000).bytes()).post(IMPORTS).then().statusCode(202)
                    .header("Preference-Applied", "respond-async").header("Retry-After", notNullValue())
                    .body("state", equalTo("running")).body("rejects", empty()).extract().header("Location");

            post(Workbooks.contract(), "").then().statusCode(409).body("code", equalTo("IMPORT_RUNNING"))
                    .header("Retry-After", notNullValue());
            as("operator").delete(location).then().statusCode(409);
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> as("viewer").get(location).path("state").equals("completed"));
        as("viewer").get(location).then().body("sheets[1].added", equalTo(20_000)).body("progress", equalTo(1.0f));
        as("operator").header("Prefer", "wait=500").multiPart("file", "book.xlsx", Workbooks.contract().bytes())
                .post(IMPORTS).then().statusCode(201).header("Preference-Applied", "wait=60");
    }

    @Test
    void goesOnWhenTheClientGoesAway() throws IOException {
        String form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n"
                + new String(many(20_000).bytes(), StandardCharsets.ISO_8859_1) + "\r\n--x--\r\n";

        Socket client = RawHttp.send("POST " + IMPORTS + " HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n"
                + RawHttp.OPERATOR + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + form.length()
                + "\r\n\r\n" + form);
        await().atMost(Duration.ofSeconds(60)).until(() -> as("viewer").get(IMPORTS).path("count").equals(1));
        client.close();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> as("viewer").get(IMPORTS).path("data[0].state").equals("completed"));
        assertThat(InteractionsDatabase.rows("SELECT count(*) FROM interactions.interaction")).containsExactly("20000");
    }

    static Workbooks many(int rows) {
        Workbooks workbook = Workbooks.standard();
        for (int i = 0; i < rows; i++) {
            workbook.interaction(LocalDateTime.of(2020, 1, 1, 0, 0).plusMinutes(i), "Call", 1 + i % 100);
        }
        return workbook;
    }

    @Test
    void importsOneAtATime() throws Exception {
        byte[] workbook = many(500).bytes();
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(() -> as("operator").multiPart("file", "book.xlsx", workbook).post(IMPORTS).statusCode());
        }

        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Future<Integer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).contains(201).allMatch(status -> status == 201 || status == 409);
        assertThat(InteractionsDatabase.rows("SELECT count(*) FROM interactions.interaction")).containsExactly("500");
        assertThat(InteractionsDatabase.rows("SELECT count(*) FROM interactions.import WHERE state <> 'completed'"))
                .containsExactly("0");
    }

    @Test
    void findsAnImportWhoseProcessHasEnded() {
        InteractionsDatabase
                .run("INSERT INTO interactions.import (id, state, dry_run, file_name, sha256, size_bytes, created_by,"
                        + " created_at) VALUES ('11111111-2222-3333-4444-555555555555', 'running', false, 'a.xlsx', 'x', 1, 'x', now())");

        as("viewer").get(IMPORTS + "/11111111-2222-3333-4444-555555555555").then().body("state", equalTo("failed"))
                .body("failure.code", equalTo("IMPORT_INTERRUPTED"));
    }

    @Test
    void leavesNoFileBehind() throws IOException {
        Set<Path> before = uploads();

        imported(Workbooks.contract());
        post(Workbooks.standard().interaction("no", "no", "no"), "");
        as("operator").multiPart("file", "book.xlsx", new byte[10]).post(IMPORTS);

        // One of the test before may still have gone meanwhile.
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(uploads()).isSubsetOf(before));
    }

    private static Set<Path> uploads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir"), "uploads"))) {
            return files.collect(Collectors.toSet());
        }
    }
}
