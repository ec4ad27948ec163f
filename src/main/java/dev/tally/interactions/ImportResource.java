package dev.tally.interactions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;

import org.jboss.resteasy.reactive.Cache;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.events.EventStreams;
import dev.tally.platform.http.Preferences;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Role;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;

/** Takes workbooks in, shows what became of them, and takes them back. */
@jakarta.ws.rs.Path("/api/v1/imports")
@RolesAllowed(Role.VIEWER)
@RunOnVirtualThread
public class ImportResource {
    private static final int MAX_NAME_CHARACTERS = 200;
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private final ImportService service;
    private final ImportRecordService records;
    private final EventStreams streams;
    private final ImportEvents events;
    private final InteractionsConfig config;

    ImportResource(ImportService service, ImportRecordService records, EventStreams streams, ImportEvents events,
            InteractionsConfig config) {
        this.service = service;
        this.records = records;
        this.streams = streams;
        this.events = events;
        this.config = config;
    }

    /** The imports, latest first. */
    record ImportsResponse(List<ImportResponse> data, int count) {}

    @POST
    @Cache(noStore = true)
    @RolesAllowed(Role.OPERATOR)
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Produces(MediaType.APPLICATION_JSON)
    public Response create(@RestForm("file") @Nullable FileUpload file,
            @QueryParam("dry_run") @DefaultValue("false") String dryRun,
            @QueryParam("on_error") @DefaultValue("abort") String onError,
            @HeaderParam("Prefer") @Nullable List<String> prefer, @Context SecurityContext caller)
            throws InterruptedException {
        ImportService.Options options = new ImportService.Options(flag("dry_run", dryRun), isSkip(onError));
        if (file == null) {
            throw new ProblemException(ProblemCode.BODY_INVALID,
                    "The form has no file. Send the workbook as the field file, with a file name.");
        }
        Preferences preferences = Preferences.parse(prefer == null ? List.of() : prefer);
        int waitSeconds = Math.min(preferences.waitSeconds().orElse(config.imports().waitSeconds()),
                config.imports().maxWaitSeconds());
        ImportService.Running running = service.start(take(file, caller.getUserPrincipal().getName()), options);
        int number = running.number();
        boolean ended;
        try {
            ended = running.await(waitSeconds);
        } catch (ProblemException problem) {
            throw withImport(problem, records.find(number));
        }
        ImportResponse response = records.find(number);
        Response.ResponseBuilder answer = Response.status(!ended ? 202 : options.dryRun() ? 200 : 201)
                .entity(response)
                // Not as a URI: the framework would put the host before it that this process believes to have.
                .header("Location", "/api/v1/imports/" + response.id());
        if (!ended) {
            answer.header("Retry-After", 1);
        }
        preferences.applied(waitSeconds).ifPresent(applied -> answer.header("Preference-Applied", applied));
        return answer.build();
    }

    /** The problem with what the import has found, so that a client need not ask for it. */
    private static ProblemException withImport(ProblemException problem, ImportResponse failed) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("id", failed.id());
        found.put("sheets", failed.sheets());
        found.put("reject_count", failed.rejectCount());
        found.put("rejects", failed.rejects());
        return new ProblemException(problem.code(), problem.detail(), found, problem);
    }

    private static Upload take(FileUpload file, String user) {
        try {
            String sha256 = sha256(file.uploadedFile());
            long sizeBytes = file.size();
            // Ours from here on: the framework deletes its own when the request ends, and an import may go on.
            Path own = Files.move(file.uploadedFile(),
                    file.uploadedFile().resolveSibling("import-" + UUID.randomUUID() + ".xlsx"));
            return new Upload(own, name(file.fileName()), sha256, sizeBytes, user);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without directories, which some clients send, and without what does not belong into a name. */
    private static String name(@Nullable String sent) {
        String text = Spelling.tidy(sent == null ? "" : sent);
        String last = text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
        String name = last.isEmpty() ? "workbook.xlsx" : last;
        return name.codePointCount(0, name.length()) <= MAX_NAME_CHARACTERS
                ? name
                : name.substring(0, name.offsetByCodePoints(0, MAX_NAME_CHARACTERS));
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file),
                MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @GET
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public ImportsResponse list(
            @QueryParam("limit") @DefaultValue("" + DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit) {
        List<ImportResponse> latest = records.list(limit);
        return new ImportsResponse(latest, latest.size());
    }

    @GET
    @jakarta.ws.rs.Path("/{id}")
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public ImportResponse get(@PathParam("id") String id) {
        return records.find(uuid(id));
    }

    /** How it stands, at each change, to its end. */
    @GET
    @jakarta.ws.rs.Path("/{id}/events")
    @Blocking // Else what gives a stream is taken for non-blocking.
    @RunOnVirtualThread
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<OutboundSseEvent> events(@PathParam("id") String id, RoutingContext routing) {
        ImportResponse now = records.find(uuid(id));
        return streams.follow(events.source(), now.id(), events.of(now), routing);
    }

    @GET
    @jakarta.ws.rs.Path("/{id}")
    @Produces({TableFormat.CSV, TableFormat.XLSX})
    public Table getRejects(@PathParam("id") String id) {
        return records.rejects(uuid(id));
    }

    @GET
    @jakarta.ws.rs.Path("/{id}/rejects")
    @Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    public Table rejects(@PathParam("id") String id) {
        return records.rejects(uuid(id));
    }

    @DELETE
    @jakarta.ws.rs.Path("/{id}")
    @RolesAllowed(Role.OPERATOR)
    @Cache(noStore = true)
    @Produces(MediaType.APPLICATION_JSON)
    public ImportResponse revert(@PathParam("id") String id) {
        return records.revert(uuid(id));
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemCode.IMPORT_NOT_FOUND,
                    "There is no import with this id. GET /api/v1/imports lists them.", e);
        }
    }

    private static boolean flag(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "Invalid " + name + ". Use true or false.");
        };
    }

    private static boolean isSkip(String onError) {
        return switch (onError) {
            case "skip" -> true;
            case "abort" -> false;
            default -> throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "Invalid on_error. Use skip or abort.");
        };
    }
}
