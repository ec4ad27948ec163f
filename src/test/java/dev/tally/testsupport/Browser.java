package dev.tally.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A real Chromium, used as a person uses it. What is looked for may still come: everything waits until it is there. A place is
 * a CSS selector, or an XPath if it starts with {@code //}.
 */
public final class Browser implements AutoCloseable {
    /** Keys that have no character, for {@link #press}. */
    public static final String TAB = "\uE004";
    public static final String ENTER = "\uE007";
    public static final String SPACE = " ";

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(50);
    /** How the protocol names a reference to an element. */
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    /** What goes away by itself while a page is being built. */
    private static final Set<String> PASSING = Set.of("no such element", "stale element reference",
            "element not interactable", "element click intercepted");

    private final Path directory;
    private final Chromium chromium;

    /** Starts one that writes what it downloads, and its profile, into an empty directory. */
    public Browser(Path directory) {
        this.directory = directory;
        this.chromium = new Chromium(directory);
    }

    /** Goes to an address, as if it were typed. */
    public void open(String url) {
        chromium.command("POST", "/url", Map.of("url", url));
    }

    public void click(String place) {
        retry(() -> onElement("POST", place, "/click", Map.of()));
    }

    /** Types into a field, in the place of what stands there. */
    public void type(String place, String text) {
        retry(() -> onElement("POST", place, "/clear", Map.of()));
        retry(() -> onElement("POST", place, "/value", Map.of("text", text)));
    }

    /** Chooses a value, of a select or a date, whose keys depend on the language of the browser. */
    public void choose(String place, String value) {
        awaitThere(place);
        script("const [place, value] = arguments; const e = document.querySelector(place); e.value = value;"
                + "for (const name of ['input', 'change']) e.dispatchEvent(new Event(name, {bubbles: true}));", place,
                value);
    }

    /** Gives a file to a field for files. */
    public void chooseFile(String place, Path file) {
        retry(() -> onElement("POST", place, "/value", Map.of("text", file.toAbsolutePath().toString())));
    }

    /** Presses keys, one after another, wherever the focus is. */
    public void press(String... keys) {
        List<Map<String, String>> actions = new ArrayList<>();
        for (String key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        }
        chromium.command("POST", "/actions",
                Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    /** The text that is seen there. */
    public String text(String place) {
        return retry(() -> onElement("GET", place, "/text", Map.of())).asText();
    }

    /** How many of them there are, now. */
    public int count(String place) {
        return chromium.command("POST", "/elements", locator(place)).size();
    }

    /** Waits until it is there. */
    public void awaitThere(String place) {
        retry(() -> find(place));
    }

    /** Waits until it is no more. */
    public void awaitGone(String place) {
        await(place).until(() -> count(place) == 0);
    }

    /** Waits until this is part of the text that is seen there. */
    public void awaitText(String place, String part) {
        await(place + " with " + part).untilAsserted(() -> assertThat(text(place)).contains(part));
    }

    /** Waits until an expression of JavaScript is true. */
    public void awaitTrue(String expression) {
        await(expression).until(() -> script("return " + expression).asBoolean());
    }

    /** Runs the body of a function of JavaScript; {@code arguments} are its own. */
    public JsonNode script(String body, Object... arguments) {
        return chromium.command("POST", "/execute/sync", Map.of("script", body, "args", List.of(arguments)));
    }

    /** The same of a promise: what the script returns is waited for. */
    public JsonNode scriptAsync(String body, Object... arguments) {
        return chromium.command("POST", "/execute/async", Map.of("script",
                "const done = arguments[arguments.length - 1]; (async function () {" + body
                        + "}).apply(null, arguments).then(done);",
                "args", List.of(arguments)));
    }

    /** A picture of the whole page. */
    public byte[] picture() {
        JsonNode size = script("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]");
        JsonNode picture = cdp("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip",
                Map.of("x", 0, "y", 0, "width", size.get(0).asInt(), "height", size.get(1).asInt(), "scale", 1)));
        return Base64.getDecoder().decode(picture.get("data").asText());
    }

    /** A picture of what the screen shows of the page. */
    public byte[] view() {
        return Base64.getDecoder().decode(chromium.command("GET", "/screenshot", Map.of()).asText());
    }

    /** As whoever likes dark pages, or light ones. */
    public void prefer(String colorScheme) {
        cdp("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
    }

    /** As on a screen of this size, in CSS pixels. */
    public void size(int width, int height) {
        cdp("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** What the page, or the browser about the page, wrote since the last time: level, source and message of each line. */
    public List<JsonNode> log() {
        List<JsonNode> lines = new ArrayList<>();
        chromium.command("POST", "/se/log", Map.of("type", "browser")).forEach(lines::add);
        return lines;
    }

    /** Waits for a file that was downloaded, by the end of its name. */
    public Path awaitDownload(String ending) {
        await("a file *" + ending).until(() -> downloads(ending).size() == 1);
        return downloads(ending).getFirst();
    }

    private List<Path> downloads(String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode cdp(String command, Map<String, ?> parameters) {
        return chromium.command("POST", "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private JsonNode onElement(String method, String place, String action, Map<String, ?> body) {
        return chromium.command(method, "/element/" + find(place) + action, body);
    }

    private String find(String place) {
        return chromium.command("POST", "/element", locator(place)).get(ELEMENT).asText();
    }

    private static Map<String, String> locator(String place) {
        return Map.of("using", place.startsWith("//") ? "xpath" : "css selector", "value", place);
    }

    private static <T> T retry(Callable<T> action) {
        return Awaitility.await().atMost(TIMEOUT).pollDelay(Duration.ZERO).pollInterval(POLL)
                .ignoreExceptionsMatching(fault -> fault instanceof Chromium.CommandException command
                        && PASSING.contains(command.code()))
                .until(action, _ -> true);
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(TIMEOUT).pollDelay(Duration.ZERO).pollInterval(POLL);
    }

    @Override
    public void close() {
        chromium.close();
    }
}
