package io.onebox.shared.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/// What an agent needs to enrol: where the controller is, how to recognise it, and a secret to prove the invitation.
///
/// ```
/// obe1_<base64url(payload)>_<crc32 of the payload, 6 letters and digits>
/// payload = version(1) · flags(1) · id(8) · secret(20) · pin(32) · number of URLs(1) · each length(1) and text
/// flags   = bit 0: server, otherwise client · bit 1: a proxy ends TLS in front of the controller
/// ```
///
/// The id is public, the secret is not and is never shown but in [#text]. The checksum finds typing errors without
/// the network, and the prefix lets scanners of repositories find a token that leaked.
public final class EnrolmentToken {

    /// Bytes of an id.
    public static final int ID_LENGTH = 8;

    /// Bytes of a secret: 160 random bits, so that a fast hash keeps it well.
    public static final int SECRET_LENGTH = 20;

    private static final String PREFIX = "obe1_";
    private static final byte VERSION = 1;
    private static final int SERVER = 1;
    private static final int PROXY = 2;
    private static final int CHECKSUM_LENGTH = 6;
    private static final int MAX_TEXT = 1024;
    private static final int MAX_URLS = 4;
    private static final int MAX_URL_LENGTH = 200;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final AgentRole role;
    private final boolean isBehindProxy;
    private final Bytes id;
    private final Bytes secret;
    private final Fingerprint pin;
    private final List<URI> urls;

    /// @param id public, of 8 bytes
    /// @param secret of 20 bytes
    /// @param pin fingerprint of the controller's root
    /// @param urls of the controller, best first
    public EnrolmentToken(
            AgentRole role, boolean isBehindProxy, Bytes id, Bytes secret, Fingerprint pin, List<URI> urls) {
        if (id.length() != ID_LENGTH || secret.length() != SECRET_LENGTH) {
            throw new IllegalArgumentException("an enrolment token has an id of 8 bytes and a secret of 20");
        }
        if (urls.isEmpty() || urls.size() > MAX_URLS || !urls.stream().allMatch(EnrolmentToken::isAcceptable)) {
            throw new IllegalArgumentException("an enrolment token has 1 to 4 https URLs, was " + urls);
        }
        this.role = role;
        this.isBehindProxy = isBehindProxy;
        this.id = id;
        this.secret = secret;
        this.pin = pin;
        this.urls = List.copyOf(urls);
    }

    /// What became of reading a token.
    public sealed interface Parsed {
        /// The token.
        record Valid(EnrolmentToken token) implements Parsed {}

        /// Why it is none, without any of its text.
        record Malformed(String problem) implements Parsed {}
    }

    /// Reads [#text]; white space around it is ignored.
    public static Parsed parse(String text) {
        String token = text.strip();
        if (!token.startsWith(PREFIX)) {
            return new Parsed.Malformed("an enrolment token begins with " + PREFIX);
        }
        int end = token.length() - CHECKSUM_LENGTH - 1;
        if (token.length() > MAX_TEXT || end <= PREFIX.length() || token.charAt(end) != '_') {
            return new Parsed.Malformed("the token is not complete; copy all of its one line");
        }
        byte[] payload;
        try {
            payload = Base64.getUrlDecoder().decode(token.substring(PREFIX.length(), end));
        } catch (IllegalArgumentException _) {
            return new Parsed.Malformed("the token has a character that no token has; copy it again");
        }
        if (!checksum(payload).equals(token.substring(end + 1))) {
            return new Parsed.Malformed("the token's checksum is wrong; a character is missing or mistyped");
        }
        try {
            return read(ByteBuffer.wrap(payload));
        } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException _) {
            return new Parsed.Malformed("the token's content is not that of an enrolment token");
        }
    }

    private static Parsed read(ByteBuffer payload) throws CharacterCodingException {
        byte version = payload.get();
        if (version != VERSION) {
            return new Parsed.Malformed("the token has version %d; this program knows 1; update it".formatted(version));
        }
        int flags = payload.get();
        if ((flags & ~(SERVER | PROXY)) != 0) {
            return new Parsed.Malformed("the token asks for what this program does not know; update it");
        }
        Bytes id = bytes(payload, ID_LENGTH);
        Bytes secret = bytes(payload, SECRET_LENGTH);
        var pin = new Fingerprint(bytes(payload, Digests.LENGTH));
        List<URI> urls = new ArrayList<>();
        int count = payload.get();
        for (int i = 0; i < count; i++) {
            ByteBuffer url =
                    ByteBuffer.wrap(bytes(payload, payload.get() & 0xff).array());
            urls.add(URI.create(StandardCharsets.UTF_8.newDecoder().decode(url).toString()));
        }
        if (payload.hasRemaining()) {
            throw new IllegalArgumentException("bytes behind the last URL");
        }
        AgentRole role = (flags & SERVER) == 0 ? AgentRole.CLIENT : AgentRole.SERVER;
        return new Parsed.Valid(new EnrolmentToken(role, (flags & PROXY) != 0, id, secret, pin, urls));
    }

    /// The token as it is handed over. Holds the secret.
    public String text() {
        int length = 3 + ID_LENGTH + SECRET_LENGTH + Digests.LENGTH;
        List<byte[]> encoded = urls.stream()
                .map(url -> url.toString().getBytes(StandardCharsets.UTF_8))
                .toList();
        int urlBytes = encoded.stream().mapToInt(url -> url.length + 1).sum();
        ByteBuffer payload = ByteBuffer.allocate(length + urlBytes);
        payload.put(VERSION).put((byte) ((role == AgentRole.SERVER ? SERVER : 0) | (isBehindProxy ? PROXY : 0)));
        payload.put(id.array()).put(secret.array()).put(pin.bytes().array()).put((byte) encoded.size());
        encoded.forEach(url -> payload.put((byte) url.length).put(url));
        String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(payload.array());
        return PREFIX + base64 + "_" + checksum(payload.array());
    }

    public AgentRole role() {
        return role;
    }

    /// Whether a proxy ends TLS, so that its certificate is one of the web and not one of the root.
    public boolean isBehindProxy() {
        return isBehindProxy;
    }

    /// The public id, in hexadecimal.
    public String id() {
        return id.hex();
    }

    public Fingerprint pin() {
        return pin;
    }

    public List<URI> urls() {
        return urls;
    }

    /// What the controller keeps instead of the secret, and the key of the proof.
    public Bytes verifier() {
        return Digests.sha256(secret.array());
    }

    @Override
    public String toString() {
        return "EnrolmentToken[" + id() + "]";
    }

    private static boolean isAcceptable(URI url) {
        return "https".equals(url.getScheme())
                && url.getHost() != null
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null
                && url.toString().length() <= MAX_URL_LENGTH;
    }

    /// A URL that a token can hold; empty text, and what is not https, is not.
    public static boolean isAcceptable(String url) {
        try {
            return isAcceptable(new URI(url));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static Bytes bytes(ByteBuffer from, int length) {
        var bytes = new byte[length];
        from.get(bytes);
        return Bytes.of(bytes);
    }

    private static String checksum(byte[] payload) {
        var crc = new CRC32();
        crc.update(payload);
        long rest = crc.getValue();
        var text = new char[CHECKSUM_LENGTH];
        for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnrolmentToken token && text().equals(token.text());
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
