package dev.tally.records;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.upload.UploadField;

/** Makes records of the texts of an upload. For one upload: it holds the reason of the last refusal. */
final class RecordParser {
    static final List<UploadField> FIELDS = List.of(new UploadField("canonical_key", true, false),
            new UploadField("name", false, false), new UploadField("email", false, false),
            new UploadField("phone", false, false), new UploadField("dob", false, false));

    private static final int REPLACEMENT = 0xFFFD;
    private static final int DATE_CHARACTERS = "2025-12-31".length();
    /** What ClickHouse's Date32 holds; it takes others for the nearest of these. */
    private static final LocalDate FIRST_DATE = LocalDate.of(1900, 1, 1);
    private static final LocalDate LAST_DATE = LocalDate.of(2299, 12, 31);

    private final int maxKeyCharacters;
    private final int maxTextCharacters;
    private String reason = "";

    RecordParser(int maxKeyCharacters, int maxTextCharacters) {
        this.maxKeyCharacters = maxKeyCharacters;
        this.maxTextCharacters = maxTextCharacters;
    }

    /** Why the last row was no record. */
    String reason() {
        return reason;
    }

    /** @param values in the order of {@link #FIELDS}; empty, with a {@link #reason()}, when they are no record */
    Optional<CanonicalRecord> parse(@Nullable String[] values) {
        reason = "";
        String key = key(values[0]);
        String name = text(1, values[1]);
        String email = text(2, values[2]);
        String phone = text(3, values[3]);
        Optional<LocalDate> dob = date(values[4]);
        return reason.isEmpty() ? Optional.of(new CanonicalRecord(key, name, email, phone, dob)) : Optional.empty();
    }

    /** Whether this can be the key of a record at all. */
    static boolean isKey(String key, int maxCharacters) {
        // A path cannot end with one of these.
        return !key.isEmpty() && !key.equals(".") && !key.equals("..") && length(key) <= maxCharacters
                && key.codePoints().noneMatch(RecordParser::isUnfit);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isUnfit(int codePoint) {
        return Character.isISOControl(codePoint) || isBroken(codePoint);
    }

    /** Half of a character whose other half is missing, or what stands for bytes that are not UTF-8. */
    private static boolean isBroken(int codePoint) {
        return codePoint == REPLACEMENT
                || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }

    private String key(@Nullable String value) {
        String key = value == null ? "" : value;
        if (!isKey(key, maxKeyCharacters)) {
            reason = key.isEmpty()
                    ? "canonical_key is missing"
                    : "canonical_key has more than " + maxKeyCharacters
                            + " characters, control characters, or bytes that are not UTF-8; or it is . or ..";
        }
        return key;
    }

    private String text(int field, @Nullable String value) {
        String text = value == null ? "" : value;
        boolean fit = length(text) <= maxTextCharacters && text.codePoints().noneMatch(RecordParser::isBroken);
        if (!fit && reason.isEmpty()) {
            reason = FIELDS.get(field).name() + " has more than " + maxTextCharacters
                    + " characters, or bytes that are not UTF-8";
        }
        return text;
    }

    private Optional<LocalDate> date(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.parse(value);
            if (value.length() == DATE_CHARACTERS && !date.isBefore(FIRST_DATE) && !date.isAfter(LAST_DATE)) {
                return Optional.of(date);
            }
        } catch (DateTimeParseException _) {
            // Said below.
        }
        if (reason.isEmpty()) {
            reason = "dob is not a date, YYYY-MM-DD, from " + FIRST_DATE + " to " + LAST_DATE;
        }
        return Optional.empty();
    }
}
