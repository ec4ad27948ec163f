package dev.tally.calls;

import io.vertx.sqlclient.Pool;

record ClientService(Pool pool) {}
