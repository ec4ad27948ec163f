package dev.tally.platform.table;

import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.core.MediaType;

/** A format that the client has chosen. */
enum Format {
    JSON("application/json", ""),
    // "header" is a parameter of text/csv (RFC 4180, section 3).
    CSV("text/csv; charset=utf-8; header=present", ".csv"), XLSX(TableFormat.XLSX, ".xlsx");

    private final String contentType;
    private final String fileEnding;

    Format(String contentType, String fileEnding) {
        this.contentType = contentType;
        this.fileEnding = fileEnding;
    }

    /** @param chosen one of {@link TableFormat}'s media types, with any parameters */
    static Format of(MediaType chosen) {
        return switch (chosen.getSubtype()) {
            case "json" -> JSON;
            case "csv" -> CSV;
            case "vnd.openxmlformats-officedocument.spreadsheetml.sheet" -> XLSX;
            default -> throw new IllegalArgumentException("A table is never " + chosen);
        };
    }

    /** @param raw whether texts in CSV that a spreadsheet would run as a formula stay as they are */
    Encoder encoder(Output output, Table table, List<Column> columns, boolean raw) {
        return switch (this) {
            case JSON -> table.layout() == Table.Layout.ENVELOPE
                    ? new EnvelopeEncoder(output, table, columns, XlsxEncoder.MAX_ROWS_PER_SHEET)
                    : new JsonEncoder(output, table, columns);
            case CSV -> new CsvEncoder(output, columns, raw);
            case XLSX -> new XlsxEncoder(output, table.name(), columns, XlsxEncoder.MAX_ROWS_PER_SHEET);
        };
    }

    String contentType() {
        return contentType;
    }

    /** The header {@code Content-Disposition}; empty where the answer is no file to keep. */
    Optional<String> disposition(String name) {
        return fileEnding.isEmpty()
                ? Optional.empty()
                : Optional.of("attachment; filename=\"" + name + fileEnding + "\"");
    }
}
