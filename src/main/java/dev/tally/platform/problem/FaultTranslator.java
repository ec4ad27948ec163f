package dev.tally.platform.problem;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.quarkus.hibernate.validator.runtime.jaxrs.ResteasyReactiveViolationException;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;

/** Turns any fault, ours or a library's, into the problem that the client sees. */
final class FaultTranslator {
    static final String INTERNAL = "The service failed. Its log has the cause under this request's id.";
    private static final int MAX_CAUSES = 20;
    private static final String FORM_PARSER = "org.jboss.resteasy.reactive.server.core.multipart.";

    private FaultTranslator() {}

    static Problem problemOf(Throwable fault) {
        // Libraries wrap: a fault thrown while Jackson reads a body arrives inside one of Jackson's.
        Optional<ProblemException> own = find(ProblemException.class, fault);
        if (own.isPresent()) {
            return Problem.of(own.get());
        }
        return switch (fault) {
            case UnauthorizedException _ -> unauthenticated(false);
            case AuthenticationException _ -> unauthenticated(true);
            case ForbiddenException _ -> forStatus(403);
            case ResteasyReactiveViolationException violated -> ConstraintFaults.problemOf(violated);
            case WebApplicationException answer -> problemOf(answer);
            case JsonProcessingException unreadable -> JsonFaults.problemOf(unreadable);
            case RejectedExecutionException _ -> forStatus(503);
            case IOException unread when isOfAForm(unread) -> Problem.of(ProblemCode.BODY_INVALID,
                    "The form is not well-formed multipart/form-data, or it breaks off.");
            default -> find(SQLException.class, fault).map(SqlFaults::problemOf)
                    .orElseGet(() -> Problem.of(ProblemCode.INTERNAL_ERROR, INTERNAL));
        };
    }

    static Problem unauthenticated(boolean credentialsGiven) {
        return Problem.of(ProblemCode.UNAUTHENTICATED, credentialsGiven
                ? "Unknown user or wrong password."
                : "This needs a log-in: send a user and a password by HTTP Basic.");
    }

    /** The problem of a fault that is known by its status only. */
    static Problem forStatus(int status) {
        return switch (status) {
            case 401 -> unauthenticated(false);
            case 403 -> Problem.of(ProblemCode.FORBIDDEN, "Your role does not allow this.");
            case 404 -> Problem.of(ProblemCode.NOT_FOUND, "There is nothing at this path.");
            case 405 -> Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not have this method.");
            case 406 -> Problem.of(ProblemCode.NOT_ACCEPTABLE, "This answer is not available in that format.");
            case 413 -> Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than this request may have.");
            case 414 -> Problem.of(ProblemCode.URI_TOO_LONG, "The address is too long.");
            case 415 -> Problem.of(ProblemCode.MEDIA_TYPE_UNSUPPORTED, "The body is not of a type that this reads.");
            case 431 -> Problem.of(ProblemCode.HEADERS_TOO_LARGE, "The headers are too large.");
            case 503 -> Problem.of(ProblemCode.OVERLOADED, "The service is busy. Try again later.");
            default -> status >= 400 && status < 500
                    ? Problem.of(ProblemCode.REQUEST_INVALID, "The request cannot be read.")
                    : Problem.of(ProblemCode.INTERNAL_ERROR, INTERNAL);
        };
    }

    /** The framework's parser gives its faults no class of their own. */
    private static boolean isOfAForm(IOException fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith(FORM_PARSER);
    }

    private static Problem problemOf(WebApplicationException answer) {
        Throwable cause = answer.getCause();
        // JAX-RS makes a path or query parameter that cannot be converted a 404 with a cause.
        if (answer instanceof NotFoundException && cause != null) {
            return Problem.of(ProblemCode.PARAMETER_INVALID, "A parameter of the path or query has the wrong form.");
        }
        if (cause instanceof JsonProcessingException unreadable) {
            return JsonFaults.problemOf(unreadable);
        }
        return forStatus(answer.getResponse().getStatus());
    }

    static <T extends Throwable> Optional<T> find(Class<T> type, Throwable fault) {
        @Nullable
        Throwable each = fault;
        for (int depth = 0; each != null && depth < MAX_CAUSES; depth++) {
            if (type.isInstance(each)) {
                return Optional.of(type.cast(each));
            }
            each = each.getCause();
        }
        return Optional.empty();
    }
}
