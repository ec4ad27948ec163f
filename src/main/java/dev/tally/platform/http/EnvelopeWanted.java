package dev.tally.platform.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.tally.platform.table.TableFormat;
import io.vertx.ext.web.RoutingContext;

/** Whether a client wants a workbook inside of JSON, as a predecessor gave it; see {@link FormatParameter}. */
public final class EnvelopeWanted {
    private static final String KEY = EnvelopeWanted.class.getName();
    /** A type that is refused (RFC 9110, section 12.4.2). */
    private static final Pattern NO_WEIGHT = Pattern.compile("[qQ]=0(\\.0{0,3})?");

    private EnvelopeWanted() {}

    /** Whether this request is to be answered by a table in the layout of an envelope. */
    public static boolean in(RoutingContext request) {
        return request.get(KEY) != null;
    }

    static void mark(RoutingContext request) {
        request.put(KEY, true);
    }

    /** Whether JSON is named, and XLSX is not; a wildcard names neither. */
    static boolean isMeant(List<String> accept) {
        boolean json = false;
        for (String line : accept) {
            for (String range : line.split(",", -1)) {
                String[] parts = range.split(";", -1);
                String type = parts[0].strip().toLowerCase(Locale.ROOT);
                if (isRefused(parts)) {
                    continue;
                }
                if (type.equals(TableFormat.XLSX)) {
                    return false;
                }
                json |= type.equals(TableFormat.JSON);
            }
        }
        return json;
    }

    private static boolean isRefused(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (NO_WEIGHT.matcher(parts[i].strip()).matches()) {
                return true;
            }
        }
        return false;
    }
}
