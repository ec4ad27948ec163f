package dev.tally.calls;

import io.vertx.sqlclient.Pool;

record FineQueries(Pool pool) {}
