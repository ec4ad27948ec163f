package dev.tally.calls;

import java.sql.Connection;

import software.amazon.awssdk.planted.Bucket;

record S3Queries(Bucket bucket, Connection connection) {}
