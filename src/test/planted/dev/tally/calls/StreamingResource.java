package dev.tally.calls;

import jakarta.ws.rs.core.StreamingOutput;

class StreamingResource {
    StreamingOutput stream() {
        return out -> out.write(1);
    }
}
