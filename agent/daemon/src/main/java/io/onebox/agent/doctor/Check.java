package io.onebox.agent.doctor;

/// The outcome of one look at this machine.
///
/// @param name of what was looked at, such as `policy routing`
/// @param cause what was found, in words
/// @param remedy what to do about it; empty if nothing
public record Check(String name, State state, String cause, String remedy) {

    /// How bad it is.
    public enum State {
        OK,
        WARN,
        FAIL
    }

    static Check ok(String name, String cause) {
        return new Check(name, State.OK, cause, "");
    }

    static Check warn(String name, String cause, String remedy) {
        return new Check(name, State.WARN, cause, remedy);
    }

    static Check fail(String name, String cause, String remedy) {
        return new Check(name, State.FAIL, cause, remedy);
    }
}
