package dev.tally.platform.clickhouse;

import java.util.HashMap;
import java.util.Map;

/**
 * A statement for ClickHouse.
 *
 * @param sql with its format; values stand in it as <code>{name:Type}</code>
 * @param parameters the values by their names, as ClickHouse reads them of a tab-separated file: with a backslash before
 *        backslashes, and {@code \t}, {@code \n}
 * @param settings of this statement only
 */
public record ClickHouseQuery(String sql, Map<String, String> parameters, Map<String, String> settings) {
    public ClickHouseQuery {
        parameters = Map.copyOf(parameters);
        settings = Map.copyOf(settings);
    }

    /** The same statement, for the tables of a database. */
    public ClickHouseQuery in(String database) {
        return with("database", database);
    }

    /** The same statement with one more setting. */
    public ClickHouseQuery with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new ClickHouseQuery(sql, parameters, more);
    }

    /** A text as the value of a parameter of the type String. */
    public static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
                .replace("\0", "\\0");
    }

    /** Settings and parameters as the HTTP interface wants them. */
    Map<String, String> asked() {
        Map<String, String> asked = new HashMap<>(settings);
        parameters.forEach((name, value) -> asked.put("param_" + name, value));
        return asked;
    }
}
