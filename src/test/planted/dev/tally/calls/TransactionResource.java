package dev.tally.calls;

import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

@Path("/planted")
public class TransactionResource {
    @GET
    @Transactional
    public String read() {
        return "";
    }
}
