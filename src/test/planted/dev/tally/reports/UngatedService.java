package dev.tally.reports;

record UngatedService(PricesApi api) {}
