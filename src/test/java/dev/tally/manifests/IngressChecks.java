package dev.tally.manifests;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;

/** What ingress-nginx does otherwise: it gives up after a minute and 1 MiB, and may send a question twice. */
final class IngressChecks {
    private static final String NGINX = "nginx.ingress.kubernetes.io/";

    private IngressChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        long longestWait = LongStream.of(settings.number("tally.reports.poll-timeout-seconds"),
                settings.number("tally.interactions.imports.max-wait-seconds"),
                settings.number("tally.analytics.wait-seconds"),
                settings.number("tally.postgres.max-statement-seconds")).max().orElseThrow();
        Duration idle = settings.duration("quarkus.http.idle-timeout");
        for (Ingress ingress : file.all(Ingress.class)) {
            Map<String, String> annotations = ingress.getMetadata().getAnnotations();
            for (String timeout : List.of("proxy-read-timeout", "proxy-send-timeout")) {
                long seconds = Long.parseLong(annotations.getOrDefault(NGINX + timeout, "60"));
                findings.expect(seconds > longestWait, file.name(),
                        timeout + " is " + seconds + " s, and clients may wait for " + longestWait);
                findings.expect(seconds <= idle.toSeconds(), file.name(),
                        timeout + " is " + seconds + " s, and the application closes after " + idle);
            }
            long bytes = Quantity.getAmountInBytes(Quantity.parse(
                    annotations.getOrDefault(NGINX + "proxy-body-size", "1m").replace("g", "Gi").replace("m", "Mi")))
                    .longValue();
            findings.expect(bytes >= settings.number("tally.http.max-upload-bytes"), file.name(),
                    "uploads are bounded to " + bytes + " bytes");
            for (String buffering : List.of("proxy-buffering", "proxy-request-buffering")) {
                findings.expect("off".equals(annotations.get(NGINX + buffering)), file.name(),
                        buffering + " would hold up what is streamed");
            }
            findings.expect("off".equals(annotations.get(NGINX + "proxy-next-upstream")), file.name(),
                    "a question whose answer broke off would be sent again, and charged again");
            findings.expect(ingress.getSpec().getTls().stream().flatMap(tls -> tls.getHosts().stream()).toList()
                    .containsAll(ingress.getSpec().getRules().stream().map(rule -> rule.getHost()).toList()),
                    file.name(), "passwords and keys would go over the network in the clear");
            findings.expect(ingress.getSpec().getRules().stream().allMatch(rule -> rule.getHost() != null),
                    file.name(), "it is for every host");
        }
        return findings.found();
    }
}
