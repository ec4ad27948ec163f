package dev.tally.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.tally.images.Dockerfile.Instruction;
import dev.tally.images.Dockerfile.Stage;
import dev.tally.testsupport.PackagedTally;

/**
 * The root file system that a Dockerfile describes, made without a container engine, and processes in it. A base image
 * cannot be had; what stands in for it has no more than the program needs: the C library and its like, and, if the base
 * has one, a Java. Stages that are not the image itself have the programs of this machine.
 */
final class ImageRoot {
    private static final Path ENTER = Path.of("src/test/resources/images/enter-root").toAbsolutePath();
    private static final List<String> NAMESPACES = List.of("unshare", "--user", "--map-root-user", "--mount", "--pid",
            "--fork");
    /** Where Temurin's images have it. */
    private static final String JAVA_HOME = "/opt/java/openjdk";
    private static final Pattern LIBRARY = Pattern.compile("(?m)^\\s*(?:\\S+ => )?(/\\S+) \\(0x");
    private static final long MAX_STEP_SECONDS = 500;
    private static final Set<String> PROGRAMS = Set.of("/usr", "/bin", "/lib", "/lib64", "/etc");

    private final Path project;
    private final Path directory;
    private final ImageFiles files;
    private final Stage image;

    private ImageRoot(Path project, Path directory, Dockerfile file) {
        this.project = project;
        this.directory = directory;
        this.files = new ImageFiles(project, this::rootOf);
        this.image = file.image();
    }

    /** Why there can be no such root file system here, if so. */
    static Optional<String> obstacle() throws InterruptedException {
        List<String> command = new ArrayList<>(NAMESPACES);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Does what the Dockerfile says, into a directory that is empty. */
    static ImageRoot build(Path dockerfile, Path project, Path directory) throws IOException, InterruptedException {
        Dockerfile file = Dockerfile.read(dockerfile);
        ImageRoot root = new ImageRoot(project, directory, file);
        for (Stage stage : file.stages()) {
            root.build(stage);
        }
        return root;
    }

    /** A path of the image. */
    Path path(String absolute) {
        return ImageFiles.inside(rootOf(image.name()), absolute);
    }

    private Path rootOf(String stage) {
        return directory.resolve("stage-" + stage);
    }

    /** The entry point, with options for it in front of its own, if it is Java. */
    PackagedTally start(Map<String, String> environment, List<String> javaOptions, String... arguments) {
        List<String> command = new ArrayList<>(image.last("ENTRYPOINT").flatMap(Instruction::exec).orElseThrow());
        command.addAll(1, javaOptions);
        command.addAll(List.of(arguments));
        return start(environment, command);
    }

    /** What the image says how its health is found out. */
    PackagedTally checkHealth(Map<String, String> environment) {
        return start(environment, image.last("HEALTHCHECK").flatMap(Instruction::exec).orElseThrow());
    }

    private PackagedTally start(Map<String, String> environment, List<String> command) {
        String user = image.last("USER").map(Instruction::arguments).orElse("0");
        return PackagedTally.start(project, enter(rootOf(image.name()), "ro", user, image, command),
                withPath(environment));
    }

    private void build(Stage stage) throws IOException, InterruptedException {
        Path root = rootOf(stage.name());
        for (String place : List.of("/proc", "/tmp", "/dev", JAVA_HOME)) {
            Files.createDirectories(ImageFiles.inside(root, place));
        }
        for (String device : List.of("null", "zero", "random", "urandom")) {
            Files.createFile(ImageFiles.inside(root, "/dev/" + device));
        }
        boolean last = stage.equals(image);
        if (!last) {
            for (String place : PROGRAMS) {
                Files.createDirectories(ImageFiles.inside(root, place));
            }
        }
        for (Instruction instruction : stage.instructions()) {
            switch (instruction.keyword()) {
                case "COPY" -> files.copy(instruction, root);
                case "WORKDIR" -> Files.createDirectories(ImageFiles.inside(root, instruction.arguments()));
                case "RUN" -> run(stage, root, instruction.exec().orElseThrow());
                default -> {
                    // Says something about the image, not about its files.
                }
            }
        }
        if (last) {
            addLibraries(root);
        }
    }

    private void run(Stage stage, Path root, List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("run.log");
        ProcessBuilder builder = new ProcessBuilder(enter(root, "rw", "0", stage, command)).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(POSTGRES|TALLY|QUARKUS|APP)_.*"));
        builder.environment().putAll(withPath(Map.of()));
        Process process = builder.start();
        boolean ended = process.waitFor(MAX_STEP_SECONDS, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            throw new AssertionError(command + " failed: " + Files.readString(log));
        }
    }

    private static Map<String, String> withPath(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("PATH", JAVA_HOME + "/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        return all;
    }

    private List<String> enter(Path root, String access, String user, Stage stage, List<String> command) {
        List<String> all = new ArrayList<>(NAMESPACES);
        all.addAll(List.of(ENTER.toString(), root.toString(), access, user,
                stage.last("WORKDIR").map(Instruction::arguments).orElse("/")));
        if (hasJava(stage)) {
            all.add(System.getProperty("java.home") + "=" + JAVA_HOME);
        }
        if (!stage.equals(image)) {
            PROGRAMS.forEach(place -> all.add(place + "=" + place));
        }
        all.add("--");
        all.addAll(command);
        return all;
    }

    private static boolean hasJava(Stage stage) {
        return stage.base().startsWith("eclipse-temurin:");
    }

    /** What the program is linked to, at the same paths. */
    private void addLibraries(Path root) throws IOException, InterruptedException {
        Set<Path> libraries = new LinkedHashSet<>();
        if (hasJava(image)) {
            Path java = Path.of(System.getProperty("java.home"));
            libraries.addAll(librariesOf(java.resolve("bin/java")));
            try (Stream<Path> files = Files.walk(java.resolve("lib"))) {
                for (Path file : files.filter(it -> it.toString().endsWith(".so")).toList()) {
                    libraries.addAll(librariesOf(file));
                }
            }
            libraries.removeIf(library -> library.normalize().startsWith(java));
        } else {
            libraries.addAll(librariesOf(path(entryPoint())));
        }
        for (Path library : libraries) {
            Path place = ImageFiles.inside(root, library.toString());
            Files.createDirectories(place.getParent());
            Files.copy(library, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    String entryPoint() {
        return image.last("ENTRYPOINT").flatMap(Instruction::exec).orElseThrow().getFirst();
    }

    static Set<Path> librariesOf(Path program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ldd", program.toString()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Set<Path> libraries = new LinkedHashSet<>();
        LIBRARY.matcher(said).results().forEach(match -> libraries.add(Path.of(match.group(1))));
        return libraries;
    }
}
