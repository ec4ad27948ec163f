package dev.tally.platform.problem;

import jakarta.inject.Singleton;
import jakarta.validation.ValidationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;

/** Where every fault of an endpoint ends. */
@Singleton
class ProblemMapper {
    private final ProblemWriter writer;
    private final AllowedMethods allowed;

    ProblemMapper(ProblemWriter writer, AllowedMethods allowed) {
        this.writer = writer;
        this.allowed = allowed;
    }

    // The named ones have mappers of the framework's own, which would win over that for Throwable.
    @ServerExceptionMapper({Throwable.class, WebApplicationException.class, ValidationException.class,
            MismatchedInputException.class, InvalidDefinitionException.class, UnauthorizedException.class,
            ForbiddenException.class, AuthenticationFailedException.class, AuthenticationCompletionException.class})
    public Response map(Throwable fault, RoutingContext context) {
        Problem problem = FaultTranslator.problemOf(fault);
        writer.log(context, problem, fault);
        Response.ResponseBuilder answer = Response.status(problem.code().status())
                .type(ProblemWriter.MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .entity(writer.document(problem, RequestId.of(context)));
        writer.headers(context, problem).forEach(answer::header);
        if (problem.code() == ProblemCode.METHOD_NOT_ALLOWED) {
            answer.header("Allow", allowed.of(context.normalizedPath()));
        }
        return answer.build();
    }
}
