package dev.tally.calls;

import java.util.List;

/** The application's own SQL of a daily answer in UTC, for the programs that it is measured against. */
public final class DailySql {
    private DailySql() {}

    /** With $1 the first day, $2 the last, $3 the MSISDN. */
    public static String numbered() {
        return UsageSql.ofOne(true, false);
    }

    /** With these in place of the first day, the last, and the MSISDN. */
    public static String withParameters(List<String> parameters) {
        String sql = numbered();
        for (int i = 1; i <= parameters.size(); i++) {
            sql = sql.replace("$" + i, parameters.get(i - 1));
        }
        return sql;
    }
}
