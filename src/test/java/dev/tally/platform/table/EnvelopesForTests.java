package dev.tally.platform.table;

import java.util.List;

import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import org.eclipse.microprofile.openapi.annotations.Operation;

import dev.tally.platform.http.EnvelopeWanted;
import dev.tally.platform.table.Table.Layout;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** A table where the clients of a predecessor may want it as an envelope. */
@Path("/reports/tables-for-tests")
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@RunOnVirtualThread
@PermitAll
@ApplicationScoped
public class EnvelopesForTests {
    @GET
    @Operation(hidden = true)
    public Table table(RoutingContext request) {
        return new Table("report", EnvelopeWanted.in(request) ? Layout.ENVELOPE : Layout.LIST, List.of(), false,
                List.of(Column.numeral("Client ID")), sink -> {
                    if (sink.begin(TestData.AS_OF)) {
                        sink.numeral("829449");
                        sink.endRow();
                    }
                });
    }

}
