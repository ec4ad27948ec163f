package dev.tally.interactions;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** What a workbook says of its parts: relationships (ECMA-376 part 2, 6.5), content types (6.2), and its list of sheets. */
final class WorkbookParts {
    /** Of each kind, so that a hostile list is not held. */
    private static final int MAX_ENTRIES = 10_000;

    private WorkbookParts() {}

    /**
     * @param type the last word of its type, which is the same in both generations of the format
     * @param target the part's name in the archive
     */
    record Relationship(String id, String type, String target) {}

    /** Reads the relationships of a part. */
    static final class Relationships extends DefaultHandler {
        private final URI source;
        private final List<Relationship> found = new ArrayList<>();

        /** @param source the name of the part whose relationships they are; empty for the archive's own */
        Relationships(String source) {
            this.source = URI.create("/" + source);
        }

        List<Relationship> found() {
            return found;
        }

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            String target = attributes.getValue("Target");
            String type = attributes.getValue("Type");
            boolean external = "External".equalsIgnoreCase(attributes.getValue("TargetMode"));
            if (name.equals("Relationship") && target != null && type != null && !external
                    && found.size() < MAX_ENTRIES) {
                String id = attributes.getValue("Id");
                resolve(target).ifPresent(part -> found
                        .add(new Relationship(id == null ? "" : id, type.substring(type.lastIndexOf('/') + 1), part)));
            }
        }

        private Optional<String> resolve(String target) {
            try {
                String path = source.resolve(URI.create(target)).getPath();
                return Optional.ofNullable(path).map(p -> p.startsWith("/") ? p.substring(1) : p);
            } catch (IllegalArgumentException _) {
                // No address, so no part either; what needs it says that it is missing.
                return Optional.empty();
            }
        }
    }

    /** Reads the content types of parts that are named. */
    static final class ContentTypes extends DefaultHandler {
        private final Map<String, String> types = new HashMap<>();

        @Nullable
        String of(String part) {
            return types.get("/" + part);
        }

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            String part = attributes.getValue("PartName");
            String type = attributes.getValue("ContentType");
            if (name.equals("Override") && part != null && type != null && types.size() < MAX_ENTRIES) {
                types.put(part, type);
            }
        }
    }

    /**
     * A sheet as the workbook lists it.
     *
     * @param relationship the id of the workbook's relationship to it
     */
    record Listed(String name, String relationship) {}

    /** Reads the workbook's own part. */
    static final class Contents extends DefaultHandler {
        private final List<Listed> sheets = new ArrayList<>();
        private boolean since1904;

        List<Listed> sheets() {
            return sheets;
        }

        /** Whether its days are counted from 1904. */
        boolean isSince1904() {
            return since1904;
        }

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            if (name.equals("workbookPr")) {
                String value = attributes.getValue("date1904");
                since1904 = "1".equals(value) || "true".equals(value);
            } else if (name.equals("sheet") && sheets.size() < MAX_ENTRIES) {
                String sheet = attributes.getValue("name");
                for (int i = 0; i < attributes.getLength(); i++) {
                    if (sheet != null && attributes.getLocalName(i).equals("id")) {
                        sheets.add(new Listed(sheet, attributes.getValue(i)));
                    }
                }
            }
        }
    }
}
