package dev.tally.platform.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import dev.tally.platform.webhook.Outcome.Result;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;

/**
 * Makes one attempt. The connection goes to the very address that was checked, so that a name cannot mean another one by
 * then; the name is still what the certificate has to be for. No redirect is followed.
 */
@ApplicationScoped
class WebhookSender {
    private static final Logger LOG = Logger.getLogger(WebhookSender.class);
    private static final int IDLE_RESOLVER_SECONDS = 10;

    private final HttpClient client;
    private final HostResolver resolver;
    /** The operating system's look-up has no time-out that could be set, and holds its thread; so it has its own. */
    private final ExecutorService lookUps;
    private final Predicate<InetAddress> callable;
    private final CallbackRules rules;
    private final WebhookSignature signature;
    private final Clock clock;
    private final WebhookConfig config;
    private final String userAgent;

    @Inject
    WebhookSender(Vertx vertx, HostResolver resolver, CallbackRules rules, WebhookSignature signature, Clock clock,
            WebhookConfig config, @ConfigProperty(name = "quarkus.application.version") String version) {
        this(vertx, new HttpClientOptions(), resolver,
                address -> config.allowPrivateAddresses() || PublicAddress.isPublic(address), rules, signature, clock,
                config, version);
    }

    /**
     * @param options of the client, such as whose certificates it trusts
     * @param callable says of an address whether it may be called
     */
    WebhookSender(Vertx vertx, HttpClientOptions options, HostResolver resolver, Predicate<InetAddress> callable,
            CallbackRules rules, WebhookSignature signature, Clock clock, WebhookConfig config, String version) {
        this.client = vertx.createHttpClient(
                options.setVerifyHost(true).setKeepAlive(false).setConnectTimeout(config.connectTimeoutMillis())
                        // A receiver is told nothing of our traces.
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setSslHandshakeTimeout(config.timeoutMillis()),
                new PoolOptions().setHttp1MaxSize(config.maxConcurrentPerHost()));
        this.lookUps = new ThreadPoolExecutor(0, config.maxConcurrent(), IDLE_RESOLVER_SECONDS, TimeUnit.SECONDS,
                new SynchronousQueue<>(), Thread.ofPlatform().daemon().name("webhook-look-up-", 0).factory());
        this.resolver = resolver;
        this.callable = callable;
        this.rules = rules;
        this.signature = signature;
        this.clock = clock;
        this.config = config;
        this.userAgent = "Tally/" + version;
    }

    /** Blocks until it is clear what became of it, but not longer than the time-out. */
    Result send(DueDelivery delivery) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.timeoutMillis());
        if (!rules.stillAllows(delivery.callbackUrl())) {
            LOG.warnf("Webhook %s is for an address that is no longer allowed", delivery.id());
            return Result.without(Outcome.BLOCKED);
        }
        try {
            List<InetAddress> addresses = lookUp(delivery.host(), deadline);
            if (!addresses.stream().allMatch(callable)) {
                LOG.warnf("Webhook %s is for a host that has an address that is not public", delivery.id());
                return Result.without(Outcome.BLOCKED);
            }
            // Another one each time, in case one of them is dead.
            InetAddress address = addresses.get((delivery.attempt() - 1) % addresses.size());
            return call(delivery, address, deadline);
        } catch (TimeoutException _) {
            return Result.without(Outcome.TIMED_OUT);
        } catch (ExecutionException e) {
            boolean late = e.getCause() instanceof TimeoutException || e.getCause() instanceof ConnectTimeoutException;
            LOG.debugf(e.getCause(), "Webhook %s was not answered", delivery.id());
            return Result.without(late ? Outcome.TIMED_OUT : Outcome.FAILED);
        } catch (RejectedExecutionException e) {
            LOG.warnf("Webhook %s waits: look-ups of names hang", delivery.id());
            return Result.without(Outcome.FAILED);
        }
    }

    private List<InetAddress> lookUp(String host, long deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        Future<List<InetAddress>> addresses = lookUps.submit(() -> {
            List<InetAddress> found = resolver.resolve(host);
            if (found.isEmpty()) {
                throw new UnknownHostException("It has no address");
            }
            return found;
        });
        return addresses.get(remaining(deadline), TimeUnit.NANOSECONDS);
    }

    private Result call(DueDelivery delivery, InetAddress address, long deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        Answer answer = new Answer(config.maxAnswerBytes());
        client.request(options(delivery, address))
                .compose(request -> {
                    // Does nothing when all of the answer has come, and closes the connection otherwise.
                    answer.onEnd(request::reset);
                    // Without it what is no HTTP would be logged as an error, in the receiver's words.
                    request.connection().exceptionHandler(answer::fail);
                    return request.send(Buffer.buffer(delivery.body()));
                })
                .onSuccess(answer::begin).onFailure(answer::fail);
        return Result.of(answer.status(remaining(deadline)));
    }

    private RequestOptions options(DueDelivery delivery, InetAddress address) {
        URI url = delivery.callbackUrl();
        int port = CallbackRules.port(url);
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(url.getHost()).setPort(port).setSsl("https".equals(url.getScheme()))
                .setURI(url.getRawPath() + query).setFollowRedirects(false);
        Map.of("Content-Type", "application/json", "User-Agent", userAgent,
                "Tally-Delivery", delivery.id().toString(),
                "Tally-Signature", signature.of(clock.instant(), delivery.body())).forEach(options::putHeader);
        return options;
    }

    private static long remaining(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    @PreDestroy
    void close() {
        lookUps.shutdownNow();
        var unused = client.close();
    }
}
