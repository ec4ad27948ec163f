package dev.tally.platform.table;

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

    String contentType() {
        return contentType;
    }

    /** With its point; empty where the answer is no file to keep. */
    String fileEnding() {
        return fileEnding;
    }
}
