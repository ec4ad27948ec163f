package dev.tally.calls;

import software.amazon.awssdk.planted.Bucket;

record FineStore(Bucket bucket) {}
