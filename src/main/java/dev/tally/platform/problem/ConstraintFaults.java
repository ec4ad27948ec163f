package dev.tally.platform.problem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;

/** Reads what bean validation finds wrong with the parameters and the body of an endpoint. */
final class ConstraintFaults {
    private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])([A-Z])");

    private ConstraintFaults() {}

    static Problem problemOf(ConstraintViolationException fault) {
        boolean ours = fault.getConstraintViolations().stream().anyMatch(ConstraintFaults::isOfTheAnswer);
        if (ours) {
            return Problem.of(ProblemCode.INTERNAL_ERROR, FaultTranslator.INTERNAL);
        }
        List<Violation> violations = fault.getConstraintViolations().stream()
                .map(violation -> new Violation(field(violation.getPropertyPath()), violation.getMessage()))
                .sorted(Comparator.comparing(Violation::field).thenComparing(Violation::message))
                .toList();
        String detail = violations.stream().map(violation -> violation.field() + " " + violation.message())
                .collect(Collectors.joining("; ", "", "."));
        return Problem.of(ProblemCode.REQUEST_INVALID, detail, violations);
    }

    private static boolean isOfTheAnswer(ConstraintViolation<?> violation) {
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.RETURN_VALUE) {
                return true;
            }
        }
        return false;
    }

    /**
     * The path without the Java method and, inside a body, without the Java parameter. Parameters and fields are
     * camelCase in Java and snake_case for the client, everywhere.
     */
    private static String field(Path path) {
        List<Path.Node> nodes = new ArrayList<>();
        path.forEach(nodes::add);
        nodes.removeIf(node -> node.getKind() == ElementKind.METHOD);
        if (nodes.size() > 1) {
            nodes.removeIf(node -> node.getKind() == ElementKind.PARAMETER);
        }
        String joined = nodes.stream().map(Path.Node::toString).collect(Collectors.joining("."));
        String clean = joined.replace(".<list element>", "");
        return CAPITAL.matcher(clean).replaceAll("_$1").toLowerCase(Locale.ROOT);
    }
}
