package dev.tally.calls;

import java.sql.Connection;

record JdbcService(Connection connection) {}
