package io.onebox.agent.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.IgnoreError;

/// OpenSSL 3, as far as we call it: the EVP interface for one cipher. Load it once, in `main`, and pass it on.
///
/// Addresses are `long`s, as in [Libc]. Calls return 1 if all is well. They do not save errno, which
/// OpenSSL does not use.
@SuppressWarnings("MemberName") // The names are OpenSSL's.
public interface Libcrypto {

    /// The library whose interface this is; newer ones have another name.
    String SONAME = "libcrypto.so.3";

    /// Loads the library.
    ///
    /// @throws UnsatisfiedLinkError if the machine has none, or an older one
    static Libcrypto load() {
        return LibraryLoader.create(Libcrypto.class).failImmediately().load(SONAME);
    }

    @IgnoreError
    long EVP_chacha20_poly1305();

    @IgnoreError
    long EVP_CIPHER_CTX_new();

    @IgnoreError
    void EVP_CIPHER_CTX_free(long context);

    @IgnoreError
    int EVP_CIPHER_CTX_ctrl(long context, int type, int argument, long address);

    @IgnoreError
    int EVP_EncryptInit_ex(long context, long cipher, long engine, long key, long nonce);

    @IgnoreError
    int EVP_EncryptUpdate(long context, long target, long targetLength, long source, int length);

    @IgnoreError
    int EVP_EncryptFinal_ex(long context, long target, long targetLength);

    @IgnoreError
    int EVP_DecryptInit_ex(long context, long cipher, long engine, long key, long nonce);

    @IgnoreError
    int EVP_DecryptUpdate(long context, long target, long targetLength, long source, int length);

    @IgnoreError
    int EVP_DecryptFinal_ex(long context, long target, long targetLength);
}
