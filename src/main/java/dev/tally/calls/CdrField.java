package dev.tally.calls;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The fields of a CDR in an upload. */
enum CdrField {
    EVENT_ID("event_id", true), SOURCE("source", false), MSISDN("msisdn", true), CALL_TYPE("call_type",
            true), START_TIME("start_time", true), DURATION_SECONDS("duration_seconds", true);

    private static final List<String> NAMES = Arrays.stream(values()).map(CdrField::fieldName).toList();

    private final String fieldName;
    private final boolean required;

    CdrField(String fieldName, boolean required) {
        this.fieldName = fieldName;
        this.required = required;
    }

    /** How the column of a CSV, or the member of a JSON object, is called. */
    String fieldName() {
        return fieldName;
    }

    boolean required() {
        return required;
    }

    static List<String> names() {
        return NAMES;
    }

    static Optional<CdrField> find(String fieldName) {
        return Arrays.stream(values()).filter(field -> field.fieldName.equals(fieldName)).findFirst();
    }
}
