package dev.tally.interactions;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.apache.poi.ss.usermodel.DateUtil;

/** Reads the values of cells, in all the forms that people and Excel give them. */
final class CellValues {
    private static final int MAX_TEXT_CHARACTERS = 200;
    private static final int MAX_IDS = 100;
    private static final int MAX_ID_DIGITS = 18;
    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 2199;
    private static final Pattern BETWEEN_IDS = Pattern.compile("[,;]|(?<=\\d)\\s*\\n\\s*(?=\\d)");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final long MICROS_A_SECOND = 1_000_000;

    private final ZoneId zone;
    private final boolean utc;
    private final boolean since1904;

    /**
     * @param zone in which the workbook's dates are
     * @param since1904 whether its days are counted from 1904
     */
    CellValues(ZoneId zone, boolean since1904) {
        this.zone = zone;
        this.utc = zone.normalized().equals(ZoneOffset.UTC);
        this.since1904 = since1904;
    }

    /** A name or a remark, tidied; empty for a blank cell. */
    String text(Cell cell) throws CellFaultException {
        String text = switch (cell.kind()) {
            case BLANK -> "";
            case TEXT -> Spelling.tidy(cell.text());
            case NUMBER -> plain(cell).toPlainString();
            case DATE -> throw new CellFaultException("is a date, not a text");
            case BOOLEAN, ERROR -> throw unusable(cell);
        };
        if (text.length() > MAX_TEXT_CHARACTERS) {
            throw new CellFaultException("has more than " + MAX_TEXT_CHARACTERS + " characters");
        }
        return text;
    }

    /** The id of one customer. */
    long id(Cell cell) throws CellFaultException {
        List<Long> ids = ids(cell);
        if (ids.size() > 1) {
            throw new CellFaultException("has several ids; here is one customer a row");
        }
        return ids.getFirst();
    }

    /** The ids of one or several customers, each once, in their order. */
    List<Long> ids(Cell cell) throws CellFaultException {
        return switch (cell.kind()) {
            case BLANK -> throw new CellFaultException("is missing");
            case NUMBER -> List.of(id(plain(cell)));
            case TEXT -> ids(cell.text());
            case DATE -> throw new CellFaultException("is a date, not the id of a customer");
            case BOOLEAN, ERROR -> throw unusable(cell);
        };
    }

    private static List<Long> ids(String text) throws CellFaultException {
        List<Long> ids = new ArrayList<>();
        for (String part : BETWEEN_IDS.split(text, -1)) {
            String id = Spelling.tidy(part);
            if (!DIGITS.matcher(id).matches() || id.length() > MAX_ID_DIGITS) {
                throw noId();
            }
            long number = id(new BigDecimal(id));
            if (ids.contains(number)) {
                throw new CellFaultException("names the customer " + number + " twice");
            }
            if (ids.size() == MAX_IDS) {
                throw new CellFaultException("names more than " + MAX_IDS + " customers");
            }
            ids.add(number);
        }
        return ids;
    }

    private static long id(BigDecimal number) throws CellFaultException {
        if (number.signum() <= 0 || number.stripTrailingZeros().scale() > 0
                || number.precision() - number.scale() > MAX_ID_DIGITS) {
            throw noId();
        }
        return number.longValueExact();
    }

    private static CellFaultException noId() {
        return new CellFaultException("is no id of a customer, which is a positive whole number");
    }

    /** When something was, in microseconds since 1970-01-01T00:00:00Z. */
    long epochMicros(Cell cell) throws CellFaultException {
        LocalDateTime local = local(cell);
        ZoneOffset offset = ZoneOffset.UTC;
        if (!utc) {
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            if (offsets.isEmpty()) {
                throw new CellFaultException("is a time that was skipped in " + zone + " when summer time began");
            }
            // Of the two hours when summer time ends, nothing says which; it is the first.
            offset = offsets.getFirst();
        }
        return local.toEpochSecond(offset) * MICROS_A_SECOND;
    }

    private LocalDateTime local(Cell cell) throws CellFaultException {
        LocalDateTime local = switch (cell.kind()) {
            case BLANK -> throw new CellFaultException("is missing");
            case DATE -> serial(cell);
            case TEXT -> DateTexts.dateTime(cell.text());
            case NUMBER -> throw noDate();
            case BOOLEAN, ERROR -> throw unusable(cell);
        };
        requireYear(local.getYear());
        return local;
    }

    /** A month, as the epoch day of its first. */
    long monthEpochDay(Cell cell) throws CellFaultException {
        YearMonth month = switch (cell.kind()) {
            case BLANK -> throw new CellFaultException("is missing");
            case DATE -> YearMonth.from(serial(cell));
            case TEXT -> DateTexts.month(cell.text());
            case NUMBER -> throw noDate();
            case BOOLEAN, ERROR -> throw unusable(cell);
        };
        requireYear(month.getYear());
        return LocalDate.of(month.getYear(), month.getMonth(), 1).toEpochDay();
    }

    private LocalDateTime serial(Cell cell) throws CellFaultException {
        double days = plain(cell).doubleValue();
        if (!DateUtil.isValidExcelDate(days)) {
            throw new CellFaultException("is before the calendar of Excel begins");
        }
        // To the second: what is beyond is the error of a fraction of a day.
        LocalDateTime local = DateUtil.getLocalDateTime(days, since1904, true);
        if (local == null) {
            throw noDate();
        }
        return local;
    }

    private static void requireYear(int year) throws CellFaultException {
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            throw new CellFaultException("is not between " + FIRST_YEAR + " and " + LAST_YEAR);
        }
    }

    private static BigDecimal plain(Cell cell) throws CellFaultException {
        try {
            BigDecimal number = new BigDecimal(cell.text());
            if (Math.abs(number.scale()) <= MAX_TEXT_CHARACTERS && number.precision() <= MAX_TEXT_CHARACTERS) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Answered below, like a number that is none of Excel's.
        }
        throw new CellFaultException("is no number that Excel has");
    }

    private static CellFaultException noDate() {
        return new CellFaultException("is a number that is not shown as a date; give the cell the format of a date");
    }

    private static CellFaultException unusable(Cell cell) {
        return new CellFaultException(cell.kind() == Cell.Kind.BOOLEAN
                ? "is a truth value"
                : cell.text().isEmpty() ? "is a formula without a stored value" : "is an error of Excel");
    }
}
