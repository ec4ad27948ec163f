package dev.tally.calls;

import java.util.Arrays;
import java.util.List;

import dev.tally.platform.upload.UploadField;

/** The fields of a CDR in an upload. */
enum CdrField {
    EVENT_ID("event_id", true), SOURCE("source", false), MSISDN("msisdn", true), CALL_TYPE("call_type",
            true), START_TIME("start_time", true), DURATION_SECONDS("duration_seconds", true);

    private static final List<UploadField> FIELDS = Arrays.stream(values())
            .map(field -> new UploadField(field.fieldName, field.required, field == DURATION_SECONDS)).toList();

    private final String fieldName;
    private final boolean required;

    CdrField(String fieldName, boolean required) {
        this.fieldName = fieldName;
        this.required = required;
    }

    /** All of them, in the order in which they stand above. */
    static List<UploadField> fields() {
        return FIELDS;
    }
}
