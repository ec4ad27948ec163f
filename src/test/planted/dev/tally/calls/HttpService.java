package dev.tally.calls;

import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotFoundException;

class HttpService {
    @Transactional
    void find() {
        throw new NotFoundException();
    }
}
