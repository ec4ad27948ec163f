package dev.tally.calls;

import java.io.InputStream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Role;
import dev.tally.platform.upload.UploadFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Takes CDRs in. */
@Path("/api/usage/cdrs")
@RolesAllowed(Role.OPERATOR)
@RunOnVirtualThread
public class CdrResource {
    private final CdrLoadService service;

    CdrResource(CdrLoadService service) {
        this.service = service;
    }

    @POST
    @Consumes({UploadFormat.CSV, UploadFormat.NDJSON})
    @Produces(MediaType.APPLICATION_JSON)
    public LoadResponse load(@HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            @QueryParam("on_error") @DefaultValue("skip") String onError, InputStream upload) {
        return service.load(upload, UploadFormat.of(type, encoding), onError(onError));
    }

    private static CdrLoadService.OnError onError(String parameter) {
        return switch (parameter) {
            case "skip" -> CdrLoadService.OnError.SKIP;
            case "abort" -> CdrLoadService.OnError.ABORT;
            default -> throw new ProblemException(ProblemCode.REQUEST_INVALID, "Invalid on_error. Use skip or abort.");
        };
    }
}
