package dev.tally.platform.problem;

import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

/** Reads what Jackson finds wrong with a body. Jackson's own messages name our classes, so they stay in the log. */
final class JsonFaults {
    private JsonFaults() {}

    static Problem problemOf(JsonProcessingException fault) {
        if (fault instanceof StreamConstraintsException || fault.getCause() instanceof StreamConstraintsException) {
            return Problem.of(ProblemCode.BODY_INVALID,
                    "The body is nested too deep, or has a number or a text that is too "
                            + "long" + place(fault.getLocation()) + ".");
        }
        boolean reading = fault.getProcessor() instanceof JsonParser;
        if (!reading || fault instanceof InvalidDefinitionException) {
            return Problem.of(ProblemCode.INTERNAL_ERROR, FaultTranslator.INTERNAL);
        }
        String place = place(fault.getLocation());
        if (fault instanceof UnrecognizedPropertyException unknown) {
            String field = field(unknown);
            return Problem.of(ProblemCode.BODY_INVALID, "There is no field " + field + " in this body" + place + ".",
                    List.of(new Violation(field, "is not known")));
        }
        if (fault instanceof JsonMappingException mismatch && !field(mismatch).isEmpty()) {
            String field = field(mismatch);
            return Problem.of(ProblemCode.BODY_INVALID, "The value of " + field + " has the wrong type" + place + ".",
                    List.of(new Violation(field, "has the wrong type")));
        }
        if (fault instanceof JsonMappingException) {
            return Problem.of(ProblemCode.BODY_INVALID, "The body does not have the form that is asked for" + place
                    + ".");
        }
        return Problem.of(ProblemCode.BODY_INVALID, "The body is not valid JSON" + place + ".");
    }

    /** Such as {@code msisdns[2]}. */
    private static String field(JsonMappingException fault) {
        return fault.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
