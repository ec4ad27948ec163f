package dev.tally.local;

import java.util.List;
import java.util.Optional;

/** A feature that a report can be of. */
record StandInFeature(int id, String name, String product, String unit) {
    private static final String CDN = "CDN";
    private static final String CLOUD = "Cloud";
    private static final String WAAP = "WAAP";

    static final List<StandInFeature> ALL = List.of(
            new StandInFeature(1, "CDN consumption", CDN, "GB"),
            new StandInFeature(2, "CDN requests", CDN, "1M"),
            new StandInFeature(3, "CDN Image optimization", CDN, "1K"),
            new StandInFeature(4, "CDN Shield, requests", CDN, "1M"),
            new StandInFeature(11, "Block Storage (SSD) - Gb", CLOUD, "GBM"),
            new StandInFeature(12, "Virtual Instances", CLOUD, "HOUR"),
            new StandInFeature(2362, "Block Storage (Standard) - Gb", CLOUD, "GBM"),
            new StandInFeature(2363, "Floating IP", CLOUD, "HOUR"),
            new StandInFeature(501, "WAAP requests", WAAP, "1M"),
            new StandInFeature(502, "WAAP \"advanced\" rules", WAAP, "PCS"),
            new StandInFeature(701, "DNS queries", "DNS", "1M"),
            new StandInFeature(801, "Object Storage", "Storage", "GBM"));

    static Optional<StandInFeature> of(int id) {
        return ALL.stream().filter(feature -> feature.id == id).findFirst();
    }
}
