package io.onebox.controller.registry;

import io.onebox.shared.identity.VerifyKey;

/// A machine that says it is a known agent and has other keys: set up anew perhaps, its own lost. Somebody decides.
///
/// @param identityKey that it proved
/// @param tunnelKey public key of its data plane, in base64
/// @param system what it says it runs on
/// @param version what it says of itself
public record Claim(VerifyKey identityKey, String tunnelKey, String system, String version) {}
