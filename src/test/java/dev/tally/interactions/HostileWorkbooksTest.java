package dev.tally.interactions;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tally.interactions.HostileWorkbooks.Entry;
import dev.tally.testsupport.RawHttp;
import io.quarkus.test.junit.QuarkusTest;

/** Each is refused with a sentence of its own, and nothing is stored. */
@QuarkusTest
class HostileWorkbooksTest {
    private static final String SHEET = "xl/worksheets/sheet2.xml";
    private static final String SHARED = "xl/sharedStrings.xml";
    private static final String BOOK = "xl/workbook.xml";
    private static final long MANY = 60_000_000;

    @BeforeEach
    void clear() {
        InteractionsDatabase.clear();
    }

    static Stream<Arguments> files() {
        byte[] good = Workbooks.contract().bytes();
        return Stream.of(
                Arguments.of("empty", new byte[0], 400, "The file is empty."),
                Arguments.of("old workbook", HostileWorkbooks.container("Workbook"), 400,
                        "This is an old workbook (.xls). Save it as .xlsx."),
                Arguments.of("older workbook", HostileWorkbooks.container("Book"), 400,
                        "This is an old workbook (.xls). Save it as .xlsx."),
                Arguments.of("encrypted", HostileWorkbooks.container("EncryptedPackage"), 400,
                        "The workbook is encrypted. Take the password off"),
                Arguments.of("document", HostileWorkbooks.container("WordDocument"), 400,
                        "The file is a document of another program. Send an .xlsx."),
                Arguments.of("damaged document", Arrays.copyOf(HostileWorkbooks.container("Workbook"), 700), 400,
                        "The file is an old document of Office, and damaged. Send an .xlsx."),
                Arguments.of("HTML", bytes("<html><body><table><tr><td>1</td></tr></table></body></html>"), 400,
                        "The file is a web page (HTML), whatever its name says."),
                Arguments.of("HTML with a type", bytes("<!DOCTYPE html>\n<html><table></table></html>"), 400,
                        "The file is a web page (HTML), whatever its name says."),
                Arguments.of("XML", bytes("<?xml version=\"1.0\"?><Workbook/>"), 400, "The file is plain XML."),
                Arguments.of("PDF", bytes("%PDF-1.7\n1 0 obj"), 400, "The file is a PDF."),
                Arguments.of("CSV", bytes("Customer_Id,Occupation,Type\r\n1,Jedi,Red\r\n"), 400,
                        "The file is no workbook of Excel. Send an .xlsx."),
                Arguments.of("truncated", Arrays.copyOf(good, good.length - 100), 400,
                        "The workbook is damaged or breaks off: its archive cannot be read."),
                Arguments.of("half", Arrays.copyOf(good, good.length / 2), 400,
                        "The workbook is damaged or breaks off: its archive cannot be read."),
                Arguments.of("archive", HostileWorkbooks.archive(Map.of("hello.txt", Entry.of("hello"))), 400,
                        "The file is an archive, but no workbook of Excel."),
                Arguments.of("OpenDocument", HostileWorkbooks.archive(Map.of("mimetype",
                        Entry.of("application/vnd.oasis.opendocument.spreadsheet"), "content.xml", Entry.of("<x/>"))),
                        400, "The file is an archive, but no workbook of Excel."),
                Arguments.of("macros", HostileWorkbooks.with("xl/vbaProject.bin", Entry.of("x")), 400,
                        "The workbook has macros, which are not read."),
                Arguments.of("type of macros", HostileWorkbooks.with("[Content_Types].xml", contentType(
                        "application/vnd.ms-excel.sheet.macroEnabled.main+xml")), 400,
                        "The workbook has macros, which are not read."),
                Arguments.of("binary", HostileWorkbooks.with("[Content_Types].xml", contentType(
                        "application/vnd.ms-excel.sheet.binary.macroEnabled.main")), 400,
                        "This is a binary workbook (.xlsb). Save it as .xlsx."),
                Arguments.of("text document", HostileWorkbooks.with("[Content_Types].xml", contentType(
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")), 400,
                        "The file is an archive, but no workbook of Excel."),
                Arguments.of("no relationships", HostileWorkbooks.without("_rels/.rels"), 400,
                        "The file is an archive, but no workbook of Excel."),
                Arguments.of("no sheet", HostileWorkbooks.without(SHEET), 422,
                        "The workbook lacks the sheet \"External interactions\""),
                Arguments.of("no texts", HostileWorkbooks.without(SHARED), 400,
                        "The workbook is damaged: a cell refers to a text that is not there."),
                Arguments.of("broken XML", HostileWorkbooks.with(SHEET, Entry.of("<worksheet><sheetData>")), 400,
                        "The workbook is damaged: a part of it is not well-formed XML in UTF-8."),
                Arguments.of("UTF-16", HostileWorkbooks.with(SHEET, out -> out
                        .write(HostileWorkbooks.sheet("").getBytes(StandardCharsets.UTF_16))), 400,
                        "The workbook is damaged: a part of it is not well-formed XML in UTF-8."),
                Arguments.of("document type", HostileWorkbooks.with(SHEET,
                        Entry.of("<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet>&a;</worksheet>")), 400,
                        "The workbook is damaged: a part of it is not well-formed XML in UTF-8."),
                Arguments.of("billion laughs", HostileWorkbooks.with(SHARED, Entry.of(laughs())), 400,
                        "The workbook is damaged: a part of it is not well-formed XML in UTF-8."),
                Arguments.of("external entity", HostileWorkbooks.with(BOOK,
                        Entry.of("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><workbook>&a;</workbook>")),
                        400,
                        "The workbook is damaged: a part of it is not well-formed XML in UTF-8."));
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                Arguments.of("zip bomb", HostileWorkbooks.with(SHEET,
                        Entry.flood("<worksheet><sheetData>", ' ', MANY, "</sheetData></worksheet>"))),
                Arguments.of("bomb in the types", HostileWorkbooks.with("[Content_Types].xml",
                        Entry.flood("<Types>", ' ', MANY, "</Types>"))),
                Arguments.of("bomb in the relationships", HostileWorkbooks.with("xl/_rels/workbook.xml.rels",
                        Entry.flood("<Relationships>", ' ', MANY, "</Relationships>"))),
                Arguments.of("bomb in the styles", HostileWorkbooks.with("xl/styles.xml",
                        Entry.flood("<styleSheet>", ' ', MANY, "</styleSheet>"))),
                Arguments.of("huge tag", HostileWorkbooks.with(SHEET,
                        Entry.flood("<worksheet a=\"", 'x', 100_000, "\"/>"))),
                Arguments.of("huge tag behind a bracket", HostileWorkbooks.with(SHEET,
                        Entry.flood("<worksheet a=\">", 'x', 100_000, "\"/>"))),
                Arguments.of("huge comment", HostileWorkbooks.with(SHEET,
                        Entry.flood("<worksheet><!--", '>', 100_000, "--></worksheet>"))),
                Arguments.of("huge instruction", HostileWorkbooks.with(SHEET,
                        Entry.flood("<worksheet><?x ", '>', 100_000, "?></worksheet>"))),
                Arguments.of("many files", manyFiles()));
    }

    private static byte[] manyFiles() {
        Map<String, Entry> entries = HostileWorkbooks.entries(Workbooks.contract().bytes());
        for (int i = 0; i < 1_001; i++) {
            entries.put("xl/media/" + i, Entry.of(""));
        }
        return HostileWorkbooks.archive(entries);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Entry contentType(String type) {
        return Entry.of("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" + type + "\"/></Types>");
    }

    private static String laughs() {
        StringBuilder text = new StringBuilder("<!DOCTYPE x [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            text.append("<!ENTITY a").append(i).append(" \"").append(("&a" + (i - 1) + ";").repeat(10)).append("\">");
        }
        return text + "]><sst><si><t>&a29;</t></si></sst>";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void refuses(String name, byte[] file, int status, String sentence) {
        as("operator").multiPart("file", "book.xlsx", file).post("/api/v1/imports").then().statusCode(status)
                .body("detail", containsString(sentence));

        assertThat(InteractionsDatabase.visible()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void refusesToBeFlooded(String name, byte[] file) {
        as("operator").multiPart("file", "book.xlsx", file).post("/api/v1/imports").then().statusCode(413)
                .body("code", equalTo("WORKBOOK_TOO_LARGE"));

        assertThat(InteractionsDatabase.visible()).isEmpty();
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        String head = "POST /api/v1/imports HTTP/1.1\r\nHost: localhost\r\n" + RawHttp.OPERATOR
                + "Content-Type: multipart/form-data; boundary=x\r\n";

        try (Socket socket = RawHttp.send(head + "Content-Length: 104857601\r\n\r\n")) {
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void refusesAFormThatBreaksOff() throws IOException {
        String body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\nPK";

        assertThat(RawHttp.exchange("POST /api/v1/imports HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + RawHttp.OPERATOR + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body)).startsWith("HTTP/1.1 400 ").contains("BODY_INVALID");
    }

    @Test
    void refusesAFormWithoutAFile() {
        as("operator").multiPart("book", "book.xlsx", Workbooks.contract().bytes()).post("/api/v1/imports").then()
                .statusCode(400).body("code", equalTo("BODY_INVALID"));
        as("operator").body(Workbooks.contract().bytes()).contentType("application/octet-stream")
                .post("/api/v1/imports")
                .then().statusCode(415);
    }

    @Test
    void readsPastWhatItDoesNotKnow() {
        Map<String, Entry> entries = HostileWorkbooks.entries(Workbooks.contract().bytes());
        entries.put("xl/externalLinks/externalLink1.xml", Entry.of("<not even XML"));
        entries.put("../../escape.txt", Entry.of("escaped"));
        String rows = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Date Start</t></is></c>"
                + "<c r=\"B1\" t=\"inlineStr\"><is><r><t>Inter</t></r><r><t>action</t></r><rPh><t>no</t></rPh></is></c>"
                + "<c r=\"D1\" t=\"inlineStr\"><is><t>Remark</t></is></c>"
                + "<c r=\"C1\" t=\"inlineStr\"><is><t>Customers</t></is></c></row>"
                + "<!-- a remark --><?a hint?>"
                + "<row><c t=\"str\"><f>TEXT(1,2)</f><v>04/10/2019 09:00</v></c><c t=\"inlineStr\"><is><t><![CDATA[Post]]></t></is></c>"
                + "<c><v>1</v></c></row>"
                + "<row r=\"9\"><c r=\"A9\" t=\"d\"><v>2019-10-05T10:00:00</v></c><c r=\"B9\" t=\"inlineStr\"><is><t>Post</t></is></c>"
                + "<c r=\"C9\" t=\"str\"><f>1</f><v>1</v></c></row>";
        entries.put(SHEET, Entry.of(HostileWorkbooks.sheet(rows)));

        as("operator").multiPart("file", "book.xlsx", HostileWorkbooks.archive(entries)).post("/api/v1/imports").then()
                .statusCode(201).body("sheets[1].added", equalTo(2))
                .body("warnings.find { it.column == 'Remark' }.message", equalTo("The column was not read."))
                .body("warnings.findAll { it.message.startsWith('The cell is a formula') }.row",
                        equalTo(List.of(2, 9)));

        assertThat(InteractionsDatabase.visible()).contains("interaction 1 2019-10-04 09:00:00 post 1",
                "interaction 1 2019-10-05 10:00:00 post 1");
    }

    @Test
    void countsDaysFrom1904WhereTheWorkbookDoes() {
        Map<String, Entry> entries = HostileWorkbooks.entries(Workbooks.contract().bytes());
        byte[] book = HostileWorkbooks.archive(entries);
        String contents = text(book, BOOK).replaceFirst("<workbookPr[^>]*>", "<workbookPr date1904=\"1\"/>");
        entries.put(BOOK, Entry.of(contents));
        String styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>";
        entries.put("xl/styles.xml", Entry.of(styles));
        entries.put(SHEET, Entry.of(HostileWorkbooks.sheet("<row><c t=\"inlineStr\"><is><t>Date Start</t></is></c>"
                + "<c t=\"inlineStr\"><is><t>Interaction</t></is></c><c t=\"inlineStr\"><is><t>Customers</t></is></c></row>"
                + "<row><c s=\"1\"><v>42280.375</v></c><c t=\"inlineStr\"><is><t>Post</t></is></c><c><v>1</v></c></row>")));

        as("operator").multiPart("file", "book.xlsx", HostileWorkbooks.archive(entries)).post("/api/v1/imports").then()
                .statusCode(201);

        assertThat(contents).contains("date1904");
        assertThat(InteractionsDatabase.visible()).contains("interaction 1 2019-10-04 09:00:00 post 1");
    }

    private static String text(byte[] archive, String name) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try {
            HostileWorkbooks.entries(archive).getOrDefault(name, Entry.of("")).writeTo(out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
