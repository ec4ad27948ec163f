package dev.tally.records;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.security.Role;
import dev.tally.platform.upload.UploadFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Takes records in. */
@Path("/records")
@RolesAllowed(Role.OPERATOR)
@RunOnVirtualThread
public class RecordLoadResource {
    private final RecordLoadService service;

    RecordLoadResource(RecordLoadService service) {
        this.service = service;
    }

    @POST
    @Consumes({UploadFormat.CSV, UploadFormat.NDJSON})
    @Produces(MediaType.APPLICATION_JSON)
    public Response load(@HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, @Context SecurityContext caller,
            RoutingContext routing, InputStream upload) {
        UploadFormat format = UploadFormat.of(type, encoding);
        RecordLoadService.Sender sender = new RecordLoadService.Sender(caller.getUserPrincipal().getName(),
                Optional.ofNullable(idempotencyKey), fingerprint(routing.request()));
        RecordLoadService.Loaded loaded = service.load(upload, format, sender);
        return PaidAnswers.answer(loaded.answer(), loaded.replayed()).response();
    }

    /** Of a body that is not there yet it is known what the client says of it. */
    private static byte[] fingerprint(HttpServerRequest request) {
        String body = String.join("\n", header(request, "Content-Type"), header(request, "Content-Encoding"),
                header(request, "Content-Length"), header(request, "Content-Digest"));
        return RequestFingerprint.of(request.method().name(), Objects.requireNonNullElse(request.path(), ""),
                request.query(), request.getHeader("Accept"), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String header(HttpServerRequest request, String name) {
        return Objects.requireNonNullElse(request.getHeader(name), "");
    }
}
