package io.onebox.agent.link;

/// An interface that is not a link.
///
/// @param reason in words, such as `no carrier`
public record Unused(String name, String reason) {}
