package io.onebox.shared.identity;

/// SHA-256 of a public key, as people compare it: in hexadecimal, or as four words.
///
/// The words are proquints (Wilkerson, arXiv:0901.4016): five letters say 16 bits, so four words say the first 64.
public record Fingerprint(Bytes bytes) {

    private static final String CONSONANTS = "bdfghjklmnprstvz";
    private static final String VOWELS = "aiou";
    private static final int WORDS = 4;

    public Fingerprint {
        if (bytes.length() != Digests.LENGTH) {
            throw new IllegalArgumentException("a fingerprint has 32 bytes, not " + bytes.length());
        }
    }

    /// Four words: `lusab-babad-gutih-tugad`.
    public String words() {
        byte[] digest = bytes.array();
        var text = new StringBuilder();
        for (int word = 0; word < WORDS; word++) {
            int bits = (digest[2 * word] & 0xff) << Byte.SIZE | (digest[2 * word + 1] & 0xff);
            text.append(word == 0 ? "" : "-")
                    .append(CONSONANTS.charAt(bits >> 12 & 15))
                    .append(VOWELS.charAt(bits >> 10 & 3))
                    .append(CONSONANTS.charAt(bits >> 6 & 15))
                    .append(VOWELS.charAt(bits >> 4 & 3))
                    .append(CONSONANTS.charAt(bits & 15));
        }
        return text.toString();
    }

    /// In hexadecimal.
    @Override
    public String toString() {
        return bytes.hex();
    }
}
