package dev.tally.interactions;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import javax.xml.parsers.ParserConfigurationException;

import org.apache.poi.util.XMLHelper;
import org.xml.sax.ContentHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * Parses the XML of a workbook in constant memory. The parser holds whole tags, comments and instructions, however
 * large, so those are bounded before it sees them; texts it gives in pieces. It knows no document types, and so no
 * entities. Read as UTF-8, whatever the document says: the bound looks at bytes.
 */
final class BoundedXml extends FilterInputStream {
    private static final int MAX_MARKUP_BYTES = 64 * 1024;
    /** Where the last byte of {@code <![CDATA[} stands. */
    private static final int CDATA_BYTES = 7;

    private enum State {
        TEXT, TAG, DECLARATION, COMMENT, INSTRUCTION, CDATA
    }

    private final ReadBudget budget;
    private State state = State.TEXT;
    private int markupBytes;
    private int quote;
    private int previous;
    private int beforePrevious;

    private BoundedXml(InputStream in, ReadBudget budget) {
        super(in);
        this.budget = budget;
    }

    /**
     * @throws ProblemException when the document is no XML, or breaks a bound
     * @throws IOException when it cannot be read
     */
    static void parse(InputStream in, ReadBudget budget, ContentHandler handler) throws IOException {
        try {
            XMLReader reader = XMLHelper.newXMLReader();
            reader.setContentHandler(handler);
            // POI's own logs each fault as its own; but these are the sender's, who is told.
            reader.setErrorHandler(new DefaultHandler());
            InputSource source = new InputSource(new BoundedXml(in, budget));
            source.setEncoding("UTF-8");
            reader.parse(source);
        } catch (SAXException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                    "The workbook is damaged: a part of it is not well-formed XML in UTF-8.", e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Java has an XML parser", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            budget.unpacked(count);
            for (int i = offset; i < offset + count; i++) {
                next(buffer[i]);
            }
        }
        return count;
    }

    private void next(int b) {
        switch (state) {
            case TEXT -> {
                if (b == '<') {
                    begin();
                }
            }
            case TAG -> tag(b);
            case DECLARATION -> declaration(b);
            case COMMENT -> end(b == '>' && previous == '-' && beforePrevious == '-');
            case INSTRUCTION -> end(b == '>' && previous == '?');
            case CDATA -> {
                // Given in pieces, like text.
                if (b == '>' && previous == ']' && beforePrevious == ']') {
                    state = State.TEXT;
                }
            }
        }
        beforePrevious = previous;
        previous = b;
    }

    private void begin() {
        state = State.TAG;
        markupBytes = 0;
        quote = 0;
    }

    private void tag(int b) {
        if (markupBytes == 0 && b == '!') {
            state = State.DECLARATION;
        } else if (markupBytes == 0 && b == '?') {
            state = State.INSTRUCTION;
        } else if (quote == 0 && (b == '"' || b == '\'')) {
            quote = b;
        } else if (b == quote) {
            quote = 0;
        }
        end(b == '>' && quote == 0);
    }

    private void declaration(int b) {
        if (markupBytes == 2 && b == '-' && previous == '-') {
            state = State.COMMENT;
            // So that "<!-->" is not taken for a comment's end.
            previous = 0;
        } else if (markupBytes == CDATA_BYTES && b == '[') {
            // Or something that the parser refuses.
            state = State.CDATA;
        }
        end(state == State.DECLARATION && b == '>');
    }

    /** Another byte of markup, the last or not. */
    private void end(boolean last) {
        markupBytes++;
        if (last) {
            state = State.TEXT;
        } else if (markupBytes > MAX_MARKUP_BYTES) {
            throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                    "The workbook has a tag or a comment of more than " + MAX_MARKUP_BYTES
                            + " bytes. Save it anew with Excel.");
        }
    }
}
