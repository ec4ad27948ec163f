package dev.tally.calls;

import java.io.InputStream;
import java.util.Locale;

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
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Takes CDRs in. */
@Path("/api/usage/cdrs")
@RolesAllowed(Role.OPERATOR)
@RunOnVirtualThread
public class CdrResource {
    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";

    private final CdrLoadService service;

    CdrResource(CdrLoadService service) {
        this.service = service;
    }

    @POST
    @Consumes({CSV, NDJSON})
    @Produces(MediaType.APPLICATION_JSON)
    public LoadResponse load(@HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            @QueryParam("on_error") @DefaultValue("skip") String onError, InputStream upload) {
        String charset = type.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
        if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("us-ascii")) {
            throw new ProblemException(ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                    "CDRs are read as UTF-8. Send them so, and say charset=utf-8 or nothing.");
        }
        CdrLoadService.Format format = type.getSubtype().equalsIgnoreCase("csv")
                ? CdrLoadService.Format.CSV
                : CdrLoadService.Format.NDJSON;
        return service.load(upload, format, isGzip(encoding), onError(onError));
    }

    private static boolean isGzip(@Nullable String encoding) {
        return switch (encoding == null ? "identity" : encoding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> true;
            case "identity" -> false;
            default -> throw new ProblemException(ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                    "Invalid Content-Encoding. Use gzip, or leave it out.");
        };
    }

    private static CdrLoadService.OnError onError(String parameter) {
        return switch (parameter) {
            case "skip" -> CdrLoadService.OnError.SKIP;
            case "abort" -> CdrLoadService.OnError.ABORT;
            default -> throw new ProblemException(ProblemCode.REQUEST_INVALID, "Invalid on_error. Use skip or abort.");
        };
    }
}
