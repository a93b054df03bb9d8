package io.onebox.agent.cli;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// The answer to one HTTP/1.1 request, as our own agent writes it: a length, chunks, or until the end of the connection
/// (RFC 9112, section 6).
final class HttpAnswer {

    /// Longest line of a head; the agent's are below a hundred bytes.
    private static final int MAX_LINE_BYTES = 8 * 1024;

    /// Longest document; a status of 255 clients has about 200 KB.
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int HEXADECIMAL = 16;

    private final SocketChannel channel;
    private final Duration timeout;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private boolean hasDeadline = true;

    /// The answer was late.
    static final class LateException extends IOException {
        LateException() {
            super("no answer in time");
        }
    }

    HttpAnswer(SocketChannel channel, Duration timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    /// Sends a part of the request.
    void send(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /// The status of the answer, from its first line.
    int status() throws IOException {
        String[] words = headLine().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("the answer is not HTTP");
        }
        return number(words[1], 10);
    }

    /// The body, line by line as it comes. To be called after [#status].
    void lines(Consumer<String> line) throws IOException {
        Map<String, String> headers = headers();
        hasDeadline = !"application/x-ndjson".equals(headers.get("content-type"));
        var lines = new Lines(line);
        String length = headers.get("content-length");
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            for (int size = number(headLine(), HEXADECIMAL); size > 0; size = number(headLine(), HEXADECIMAL)) {
                copy(size, lines);
                headLine();
            }
        } else if (length != null) {
            copy(number(length, 10), lines);
        }
        lines.end();
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = headLine(); !line.isEmpty(); line = headLine()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private String headLine() throws IOException {
        var line = new StringBuilder();
        while (true) {
            char next = (char) (read() & 0xff);
            if (next == '\n') {
                return line.toString().strip();
            }
            if (line.append(next).length() > MAX_LINE_BYTES) {
                throw new IOException("the answer's head is too long");
            }
        }
    }

    private void copy(int size, Lines lines) throws IOException {
        if (size < 0 || size > MAX_BODY_BYTES) {
            throw new IOException("the answer is too long: " + size + " bytes");
        }
        for (int i = 0; i < size; i++) {
            lines.add(read());
        }
    }

    private byte read() throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear();
            awaitReadable();
            if (channel.read(buffer) < 0) {
                throw new EOFException("the agent closed the connection");
            }
            buffer.flip();
        }
        return buffer.get();
    }

    /// Waits for more, with patience where the answer is a document and without end where it is a stream.
    private void awaitReadable() throws IOException {
        if (!hasDeadline) {
            return;
        }
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            int ready = selector.select(timeout.toMillis());
            key.cancel();
            if (ready == 0) {
                throw new LateException();
            }
        }
        channel.configureBlocking(true);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            return Integer.parseInt(text.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("the answer is not HTTP: '" + text + "' is not a number", e);
        }
    }

    /// Cuts bytes into lines.
    private static final class Lines {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final Consumer<String> consumer;

        Lines(Consumer<String> consumer) {
            this.consumer = consumer;
        }

        void add(byte next) {
            if (next == '\n') {
                end();
            } else {
                line.write(next);
            }
        }

        void end() {
            if (line.size() > 0) {
                consumer.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
    }
}
