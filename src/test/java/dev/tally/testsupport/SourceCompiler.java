package dev.tally.testsupport;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles sources that the build must not: with the class path of the tests, and without its gates. */
public final class SourceCompiler {
    private SourceCompiler() {}

    /**
     * Compiles every Java file below a directory.
     *
     * @param sources the directory
     * @param output where the class files go
     * @return output
     */
    public static Path compile(Path sources, Path output) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options = List.of("-d", output.toString(), "-classpath", System.getProperty("java.class.path"),
                "-proc:none", "-parameters");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> all = Files.walk(sources)) {
            List<Path> javaFiles = all.filter(file -> file.toString().endsWith(".java")).toList();
            boolean compiled = compiler.getTask(messages, files, null, options, null,
                    files.getJavaFileObjectsFromPaths(javaFiles)).call();
            if (!compiled) {
                throw new AssertionError("Cannot compile " + sources + ":\n" + messages);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
