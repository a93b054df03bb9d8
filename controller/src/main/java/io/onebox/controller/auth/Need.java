package io.onebox.controller.auth;

import java.util.Optional;

/// What somebody needs for an operation of the API or a topic of the stream. Whether he has it is decided here and
/// nowhere else.
///
/// @param isOfSomebody whether it must be known who he is
/// @param permission which he must have, if any
public record Need(boolean isOfSomebody, Optional<Permission> permission) {

    /// As openapi.json writes it: `none` at a login, where there is nobody yet; `any` of whoever is logged in; or a
    /// permission. Empty if it is none of these.
    public static Optional<Need> parse(String text) {
        return switch (text) {
            case "none" -> Optional.of(new Need(false, Optional.empty()));
            case "any" -> Optional.of(new Need(true, Optional.empty()));
            default -> Permission.parse(text).map(Need::of);
        };
    }

    /// A permission.
    public static Need of(Permission permission) {
        return new Need(true, Optional.of(permission));
    }

    /// Whether somebody has it.
    ///
    /// @param subject empty if it is not known who he is
    public boolean isMetBy(Optional<Subject> subject) {
        boolean isPermitted = permission
                .map(wanted -> subject.filter(who -> who.permissions().contains(wanted))
                        .isPresent())
                .orElse(true);
        return isPermitted && (subject.isPresent() || !isOfSomebody);
    }

    /// What to tell somebody who has it not.
    public String refusal() {
        return "this needs "
                + permission
                        .map(wanted -> "the permission " + wanted.spelling())
                        .orElse("a login");
    }
}
