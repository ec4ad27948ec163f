package dev.tally.manifests;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.SecretKeySelector;

/** Secrets are written down nowhere but in the template, and there without their values. */
final class SecretChecks {
    private static final Pattern LINE = Pattern.compile("(#?)([A-Z][A-Z0-9_]*)=");
    private static final Pattern SECRET_NAME = Pattern.compile(".*(?:PASSWORD|SECRET|TOKEN|_KEY).*");
    private static final int READABLE_FOR_ALL = 0444;

    private SecretChecks() {}

    static List<String> violations(ManifestFile file, Settings settings) {
        Findings findings = new Findings();
        Map<String, Boolean> template = template(ManifestFile.text("tally.env.template"));
        for (Pod pod : file.pods()) {
            Set<String> used = new HashSet<>();
            pod.containers().stream().flatMap(container -> container.getEnv().stream()).forEach(variable -> {
                SecretKeySelector reference = reference(variable);
                if (reference == null) {
                    findings.expect(!SECRET_NAME.matcher(variable.getName()).matches(), pod.title(),
                            variable.getName() + " is a secret and not from one");
                    return;
                }
                used.add(reference.getKey());
                findings.expect(reference.getName().equals("tally"), pod.title(),
                        "it names the secret " + reference.getName() + ", which kustomization.yaml does not make");
                findings.expect(reference.getKey().equals(variable.getName()), pod.title(),
                        variable.getName() + " has the value of another, " + reference.getKey());
                findings.expect(Boolean.valueOf(Boolean.TRUE.equals(reference.getOptional()))
                        .equals(template.get(reference.getKey())), pod.title(),
                        "the template has to have " + reference.getKey() + ", commented out if it is optional");
            });
            findings.expect(!pod.serves() || used.equals(template.keySet()), pod.title(),
                    "the template has secrets that it does not get: " + template.keySet());
            pod.spec().getVolumes().stream().map(volume -> volume.getSecret()).filter(secret -> secret != null)
                    .forEach(secret -> {
                        findings.expect(secret.getSecretName().equals("tally-users"), pod.title(),
                                "it mounts " + secret.getSecretName() + ", which kustomization.yaml does not make");
                        findings.expect(secret.getDefaultMode() == null
                                || (secret.getDefaultMode() & READABLE_FOR_ALL) == READABLE_FOR_ALL, pod.title(),
                                "its user cannot read what it mounts: it belongs to root");
                    });
        }
        return findings.found();
    }

    /** The keys of the template, and whether each is optional. */
    static Map<String, Boolean> template(String text) {
        Map<String, Boolean> keys = new HashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                keys.put(matcher.group(2), !matcher.group(1).isEmpty());
            } else if (!line.isBlank() && !line.startsWith("# ")) {
                throw new IllegalArgumentException("Neither a comment nor a key without a value: line " + (i + 1));
            }
        }
        return keys;
    }

    private static @Nullable SecretKeySelector reference(EnvVar variable) {
        return variable.getValueFrom() == null ? null : variable.getValueFrom().getSecretKeyRef();
    }
}
