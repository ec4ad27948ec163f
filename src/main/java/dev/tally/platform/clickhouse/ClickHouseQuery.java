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

    /** Settings and parameters as the HTTP interface wants them. */
    Map<String, String> asked() {
        Map<String, String> asked = new HashMap<>(settings);
        parameters.forEach((name, value) -> asked.put("param_" + name, value));
        return asked;
    }
}
