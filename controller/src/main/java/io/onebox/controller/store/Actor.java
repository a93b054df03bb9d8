package io.onebox.controller.store;

/// Who did it, for the audit.
///
/// @param name `user:alice`, `token:0a1b`, `agent:…`, `local`
/// @param address from where, or `local`
public record Actor(String name, String address) {

    /// A command on the controller's own machine.
    public static final Actor LOCAL = new Actor("local", "local");
}
