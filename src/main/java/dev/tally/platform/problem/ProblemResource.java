package dev.tally.platform.problem;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;

import io.smallrye.common.annotation.NonBlocking;

/** The page to which the {@code type} of every problem points. */
@Path("/problems")
public class ProblemResource {
    private static final String PAGE = page();

    @GET
    @PermitAll
    @NonBlocking
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public String problems() {
        return PAGE;
    }

    // The texts are this program's own and hold nothing that HTML would read as markup.
    private static String page() {
        StringBuilder page = new StringBuilder(
                """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Tally: problems</title></head>
                <body>
                <h1>Problems</h1>
                <p>Every fault is answered as <code>application/problem+json</code> (RFC 9457). Its member
                <code>code</code> is one of these, and stays so.</p>
                """);
        for (ProblemCode code : ProblemCode.values()) {
            page.append(
                    """
                    <section id="%s">
                    <h2><code>%s</code></h2>
                    <p><strong>%d %s.</strong> %s %s</p>
                    </section>
                    """.formatted(code, code, code.status(), code.title(), code.meaning(), code.retry().sentence()));
        }
        return page.append("</body>\n</html>\n").toString();
    }
}
