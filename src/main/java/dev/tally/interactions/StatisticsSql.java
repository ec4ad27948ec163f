package dev.tally.interactions;

import java.util.List;

/** The SQL of what is answered about interactions. */
final class StatisticsSql {
    /** The known channels, those of the configuration with their spelling, in the order of their folded names. */
    private static final String SHOWN_CHANNELS = """
                                                 (SELECT channel_id, coalesce(configured.name, channel.name) AS name,
                                                         coalesce(configured.key, channel.key) COLLATE "C" AS key
                                                    FROM interactions.channel
                                                    FULL JOIN unnest(?::text[], ?::text[]) AS configured (key, name)
                                                      ON channel.key = configured.key COLLATE "C") AS shown""";

    /** In which month an interaction was, by the starts of the months in the zone; JDK's rules, not the server's. */
    private static final String MONTH = """
                                        (?::date + make_interval(months => width_bucket(i.at, (SELECT array_agg(to_timestamp(start) ORDER BY start)
                                                                                                 FROM unnest(?::bigint[]) AS start)) - 1))::date""";

    private static final String IN_RANGE = "i.at >= ? AND i.at < ?";
    private static final String ON_TOPIC = " AND EXISTS (SELECT FROM interactions.discussion"
            + " JOIN interactions.product USING (product_id) WHERE product.key = ? AND discussion.month = " + MONTH
            + ")";

    static final String VERSION = "SELECT changed_at, version FROM interactions.data_version";

    static final String CHANNELS = "SELECT changed_at, version, channel_id, name FROM interactions.data_version LEFT JOIN "
            + SHOWN_CHANNELS + " ON true ORDER BY key";

    private StatisticsSql() {}

    /** Of one customer, by channel: configured keys and names, the customer twice, the range, the topic. */
    static String ofCustomer(boolean topic) {
        return """
               SELECT changed_at, version, EXISTS (SELECT FROM interactions.customer WHERE customer_id = ?) AS known,
                      shown.name, count(i.at) AS interactions
                 FROM interactions.data_version
                 LEFT JOIN %s ON true
                 LEFT JOIN interactions.interaction AS i ON i.customer_id = ? AND i.channel_id = shown.channel_id AND %s%s
                GROUP BY changed_at, version, shown.name, shown.key
                ORDER BY shown.key"""
                .formatted(SHOWN_CHANNELS, IN_RANGE, topic ? ON_TOPIC : "");
    }

    /** Of every customer, by channel, also of those without interactions: the range, the topic. */
    static String ofAll(boolean topic) {
        return """
               SELECT customer.customer_id, channel_id, count(i.at) AS interactions
                 FROM interactions.customer
                 LEFT JOIN interactions.interaction AS i ON i.customer_id = customer.customer_id AND %s%s
                GROUP BY customer.customer_id, channel_id
                ORDER BY customer.customer_id""".formatted(IN_RANGE, topic ? ON_TOPIC : "");
    }

    /** Customers by type; with {@code active} only those with interactions: the range, the topic. */
    static String customersByType(boolean active, boolean topic) {
        return """
               SELECT type, count(*) AS customers FROM interactions.customer%s
                GROUP BY type ORDER BY type COLLATE "C" NULLS LAST""".formatted(active
                ? " WHERE EXISTS (SELECT FROM interactions.interaction AS i WHERE i.customer_id = customer.customer_id AND "
                        + IN_RANGE + (topic ? ON_TOPIC : "") + ")"
                : "");
    }

    /** The columns of the groups come first, each as text or as the id of a customer, then {@code interactions}. */
    static String grouped(List<GroupBy> groups, boolean topic) {
        StringBuilder columns = new StringBuilder();
        StringBuilder joins = new StringBuilder();
        StringBuilder order = new StringBuilder();
        for (GroupBy group : groups) {
            String column = switch (group) {
                case CUSTOMER -> "i.customer_id";
                case CHANNEL -> "shown.name";
                case TOPIC -> "product.name";
                case CUSTOMER_TYPE -> "customer.type";
                case MONTH -> "to_char(month_of.month, 'YYYY-MM')";
            };
            columns.append(column).append(", ");
            order.append(group == GroupBy.CUSTOMER ? column : column + " COLLATE \"C\"").append(" NULLS LAST, ");
            joins.append(switch (group) {
                case CHANNEL -> " JOIN " + SHOWN_CHANNELS + " ON shown.channel_id = i.channel_id";
                case CUSTOMER_TYPE -> " JOIN interactions.customer ON customer.customer_id = i.customer_id";
                case TOPIC -> " JOIN (SELECT DISTINCT product_id, month FROM interactions.discussion) AS discussed"
                        + " ON discussed.month = month_of.month JOIN interactions.product USING (product_id)";
                case CUSTOMER, MONTH -> "";
            });
        }
        return "SELECT %scount(*) AS interactions FROM interactions.interaction AS i%s%s WHERE %s%s GROUP BY %s ORDER BY %s"
                .formatted(columns,
                        needsMonth(groups) ? " CROSS JOIN LATERAL (SELECT " + MONTH + " AS month) AS month_of" : "",
                        joins, IN_RANGE, topic ? ON_TOPIC : "", strip(columns), strip(order));
    }

    static boolean needsMonth(List<GroupBy> groups) {
        return groups.contains(GroupBy.MONTH) || groups.contains(GroupBy.TOPIC);
    }

    private static String strip(StringBuilder list) {
        return list.substring(0, list.length() - 2);
    }
}
