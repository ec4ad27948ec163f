package dev.tally.calls;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The application's own SQL of a daily answer in UTC, for the programs that it is measured against. */
public final class DailySql {
    private DailySql() {}

    /** With $1 the first day, $2 the last, $3 the MSISDN. */
    public static String numbered() {
        return withParameters(IntStream.rangeClosed(1, 3).mapToObj(i -> "$" + i).toList());
    }

    /** With these in place of the first day, the last, and the MSISDN. */
    public static String withParameters(List<String> parameters) {
        String[] parts = UsageSql.ofOne(true, false).split("\\?", -1);
        if (parts.length != parameters.size() + 1) {
            throw new IllegalStateException("The SQL of a daily answer has " + (parts.length - 1) + " parameters");
        }
        StringBuilder sql = new StringBuilder(parts[0]);
        Iterator<String> next = parameters.iterator();
        for (int i = 1; i < parts.length; i++) {
            sql.append(next.next()).append(parts[i]);
        }
        return sql.toString();
    }
}
