package dev.tally.platform.clickhouse;

import java.io.Serial;

/** What ClickHouse said when it refused. It names tables, files and hosts, so it is for the log only. */
final class ClickHouseAnswer extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;
    private final String text;

    ClickHouseAnswer(int status, int code, String text) {
        super("ClickHouse answered with status " + status + ", code " + code + ": " + text);
        this.status = status;
        this.code = code;
        this.text = text;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    String text() {
        return text;
    }
}
