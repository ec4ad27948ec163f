package dev.tally.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.util.XMLHelper;
import org.apache.poi.xssf.eventusermodel.ReadOnlySharedStringsTable;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler;
import org.apache.poi.xssf.usermodel.XSSFComment;
import org.xml.sax.InputSource;
import org.xml.sax.XMLReader;

/**
 * The import of a workbook over HTTP, from the first byte of the request to the answer that it is stored, against what
 * POI's event reader does alone: gives the cells of the same file as texts, which are thrown away. By turns, both warm.
 */
final class ImportBench {
    private static final String MAX_HEAP = "-Xmx256m";
    private static final int CUSTOMERS = 20_000;
    private static final int WARM_UPS = 3;
    private static final String BOUNDARY = "the-boundary-of-the-bench";
    private static final String CLEAR = "TRUNCATE interactions.import, interactions.customer, interactions.channel, "
            + "interactions.product CASCADE";

    private ImportBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        InteractionsWorkbook workbook = new InteractionsWorkbook(sizes.interactions(), CUSTOMERS);
        Path directory = ServerProcess.directory(buildDirectory);
        Path file = directory.resolve("interactions.xlsx");
        workbook.writeTo(file);
        Postgres.Database database = postgres.fresh("bench_imports");
        Path gcLog = directory.resolve("gc-imports.log");
        Samples http = new Samples();
        Samples again = new Samples();
        Samples poi = new Samples();
        Samples ratio = new Samples();
        try (ServerProcess application = ServerProcess.application(buildDirectory, database,
                List.of(MAX_HEAP, GcLog.option(gcLog)))) {
            for (int round = -WARM_UPS; round < sizes.rounds(); round++) {
                database.execute(CLEAR);
                database.execute("CHECKPOINT");
                double httpRate = workbook.rows() / byHttp(application, file, database, workbook);
                double againRate = workbook.rows() / byHttp(application, file, database, workbook);
                double poiRate = workbook.rows() / byPoi(file, workbook);
                if (round >= 0) {
                    http.add(httpRate);
                    again.add(againRate);
                    poi.add(poiRate);
                    ratio.add(httpRate / poiRate);
                }
            }
        }
        ResultTable results = new ResultTable("rows: " + workbook.rows(), "rows/s: median (range)");
        results.add("POST /api/v1/imports (at least 30,000)", http.text(0));
        results.add("the same once more, nothing new", again.text(0));
        results.add("POI's event reader alone", poi.text(0));
        results.add("**import ÷ POI alone** (at least 0.7)", "**" + ratio.text(2) + "**");
        results.note("The file has " + Files.size(file) / 1_000_000 + " MB, " + workbook.interactions()
                + " interactions and " + workbook.customers() + " customers. The application had " + MAX_HEAP
                + "; its peak heap was " + GcLog.peakMebibytes(gcLog) + " MiB.");
        return results;
    }

    /** In seconds. */
    private static double byHttp(ServerProcess application, Path file, Postgres.Database database,
            InteractionsWorkbook workbook) throws Exception {
        HttpRequest request = application.request("/api/v1/imports").header("Prefer", "wait=60")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString("--" + BOUNDARY
                                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"interactions.xlsx\"\r\n"
                                + "Content-Type: application/octet-stream\r\n\r\n"),
                        HttpRequest.BodyPublishers.ofFile(file),
                        HttpRequest.BodyPublishers.ofByteArray(
                                ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII))))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            double seconds = (System.nanoTime() - start) / 1e9;
            String stored = database.query("SELECT count(*) FROM interactions.interaction");
            if (answer.statusCode() != 201 || !stored.equals(String.valueOf(workbook.interactions()))) {
                throw new IOException("The import went wrong: " + stored + " stored, " + answer.body());
            }
            return seconds;
        }
    }

    /** In seconds. */
    private static double byPoi(Path file, InteractionsWorkbook workbook) throws Exception {
        long start = System.nanoTime();
        Counter counter = new Counter();
        try (OPCPackage archive = OPCPackage.open(file.toFile(), PackageAccess.READ)) {
            ReadOnlySharedStringsTable strings = new ReadOnlySharedStringsTable(archive);
            XSSFReader reader = new XSSFReader(archive);
            Iterator<InputStream> sheets = reader.getSheetsData();
            while (sheets.hasNext()) {
                try (InputStream sheet = sheets.next()) {
                    XMLReader parser = XMLHelper.newXMLReader();
                    parser.setContentHandler(new XSSFSheetXMLHandler(reader.getStylesTable(), null, strings, counter,
                            new DataFormatter(), false));
                    parser.parse(new InputSource(sheet));
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (counter.rows != workbook.rows() + 3) {
            throw new IOException("POI found " + counter.rows + " rows");
        }
        return seconds;
    }

    /** Reads, and keeps nothing. */
    private static final class Counter implements XSSFSheetXMLHandler.SheetContentsHandler {
        private long rows;

        @Override
        public void startRow(int row) {
            rows++;
        }

        @Override
        public void endRow(int row) {
            // Nothing is made of it.
        }

        @Override
        public void cell(String reference, String text, XSSFComment comment) {
            // It is thrown away.
        }
    }
}
