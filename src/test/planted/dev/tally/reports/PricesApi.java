package dev.tally.reports;

import jakarta.ws.rs.GET;

interface PricesApi {
    @GET
    String prices();
}
