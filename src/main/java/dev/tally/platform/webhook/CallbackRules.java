package dev.tally.platform.webhook;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Which addresses may be called, as far as it can be told without a look at the network. */
@ApplicationScoped
class CallbackRules {
    private static final String WILDCARD = "*.";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final WebhookConfig config;
    /** Without their wildcards, but with the dot. */
    private final Set<String> domains = new HashSet<>();
    private final Set<String> hosts = new HashSet<>();

    CallbackRules(WebhookConfig config) {
        this.config = config;
        for (String entry : config.allowedHosts().orElse(List.of())) {
            String host = entry.strip();
            if (host.startsWith(WILDCARD)) {
                domains.add("." + normal(IDN.toASCII(host.substring(WILDCARD.length()))));
            } else if (!host.isEmpty()) {
                hosts.add(normal(IDN.toASCII(host)));
            }
        }
    }

    /** Whether webhooks are sent at all. */
    boolean configured() {
        return config.secret().isPresent() && !(hosts.isEmpty() && domains.isEmpty());
    }

    /**
     * Gives the URL in its normal form.
     *
     * @throws ProblemException {@code CALLBACK_URL_INVALID}
     */
    URI check(String callbackUrl) {
        require(configured(), "This service sends no webhooks: they are not configured.");
        require(callbackUrl.length() <= config.maxUrlCharacters(),
                "callback_url has more than " + config.maxUrlCharacters() + " characters.");
        URI url = parse(callbackUrl);
        boolean https = "https".equalsIgnoreCase(url.getScheme());
        require(https || (config.allowHttp() && "http".equalsIgnoreCase(url.getScheme())),
                "callback_url has to begin with https://.");
        require(url.getRawAuthority() == null || !url.getRawAuthority().contains("@"),
                "callback_url must have no user and no password in it.");
        require(url.getRawFragment() == null, "callback_url must have no fragment (#).");
        String host = url.getHost();
        require(host != null && !host.startsWith("["),
                "callback_url needs the name of a host, in ASCII: an international name in its form xn--.");
        require(isAllowedHost(normal(host)), "The host of callback_url is not one that this service may call.");
        int port = port(url);
        require(isAllowedPort(port), "The port of callback_url is not one that this service may call.");
        String place = url.getPort() == -1 || port == (https ? HTTPS_PORT : HTTP_PORT) ? "" : ":" + port;
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return parse(parse((https ? "https" : "http") + "://" + normal(host) + place + path + query).toASCIIString());
    }

    /** Whether a URL that was checked once is still allowed. */
    boolean stillAllows(URI url) {
        try {
            return check(url.toString()).equals(url);
        } catch (ProblemException _) {
            return false;
        }
    }

    static int port(URI url) {
        if (url.getPort() != -1) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }

    private boolean isAllowedHost(String host) {
        return hosts.contains(host) || domains.stream()
                .anyMatch(domain -> host.endsWith(domain) && host.length() > domain.length());
    }

    private boolean isAllowedPort(int port) {
        return config.allowedPorts().stream().map(String::strip).anyMatch(range -> {
            String[] ends = range.split("-", 2);
            return Integer.parseInt(ends[0]) <= port && port <= Integer.parseInt(ends[ends.length - 1]);
        });
    }

    /** Small letters, without the dot that may end a full name: so certificates have it too. */
    private static String normal(String asciiHost) {
        String small = asciiHost.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException _) {
            throw invalid("callback_url is not a URL such as https://hooks.example.com/tally.");
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw invalid(sentence);
        }
    }

    private static ProblemException invalid(String sentence) {
        return new ProblemException(ProblemCode.CALLBACK_URL_INVALID, sentence);
    }
}
