package dev.tally.reports;

record PricesGateway(PricesApi api) {}
