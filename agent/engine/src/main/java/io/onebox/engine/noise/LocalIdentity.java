package io.onebox.engine.noise;

/// Who we are: our static key and what follows from it.
public final class LocalIdentity {

    private final PrivateKey key;
    private final PublicKey publicKey;
    private final MacKeys macKeys;

    /// @param key stays the caller's, who closes it when this identity is no longer used
    public LocalIdentity(PrivateKey key) {
        this.key = key;
        this.publicKey = key.publicKey();
        this.macKeys = new MacKeys(publicKey);
    }

    /// The name peers know us by.
    public PublicKey publicKey() {
        return publicKey;
    }

    PrivateKey key() {
        return key;
    }

    MacKeys macKeys() {
        return macKeys;
    }
}
