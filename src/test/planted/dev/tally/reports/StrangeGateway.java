package dev.tally.reports;

record StrangeGateway(PricesApi api) {}
