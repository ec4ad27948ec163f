package dev.tally.interactions;

import java.util.ArrayList;
import java.util.List;

import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** The texts that Excel keeps apart from the sheets (ECMA-376 part 1, 18.4). Bounded, because they are held. */
final class SharedStrings extends DefaultHandler {
    /** What a text costs beside its characters. */
    private static final int CHARACTERS_OF_OVERHEAD = 40;

    private final List<String> texts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final int maxCharacters;
    private long characters;
    private boolean inText;
    private int phonetic;

    SharedStrings(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /** @throws ProblemException when the workbook has no such text */
    String get(String index) {
        try {
            return texts.get(Integer.parseInt(index));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                    "The workbook is damaged: a cell refers to a text that is not there.", e);
        }
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        switch (name) {
            case "si" -> text.setLength(0);
            case "t" -> inText = phonetic == 0;
            case "rPh" -> phonetic++;
            default -> {
                // Fonts and the like.
            }
        }
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        switch (name) {
            case "si" -> {
                count(CHARACTERS_OF_OVERHEAD);
                texts.add(text.toString());
            }
            case "t" -> inText = false;
            case "rPh" -> phonetic--;
            default -> {
                // As above.
            }
        }
    }

    @Override
    public void characters(char[] source, int start, int length) {
        if (inText) {
            count(length);
            text.append(source, start, length);
        }
    }

    private void count(int more) {
        characters += more;
        if (characters > maxCharacters) {
            throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                    "The texts of the workbook are larger than the service reads. Send it in parts.");
        }
    }
}
