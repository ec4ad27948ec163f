package dev.tally.calls;

import dev.tally.local.LocalPostgres;

class CallsThatKnowTheLocalServers {
    String user() {
        return LocalPostgres.class.getName();
    }
}
