package io.onebox.agent.link;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which interfaces may be links, by the `[links]` section: name patterns with `*` and `?`.
///
/// @param include an interface must match one of these
/// @param exclude and none of these, unless it is named
/// @param named interfaces with a `[[link]]` section of their own; these are always included
/// @param tunnel name of our own TUN device, which is never a link
public record LinkSelection(List<String> include, List<String> exclude, List<String> named, String tunnel) {

    public LinkSelection {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        named = List.copyOf(named);
    }

    /// Why an interface of this name cannot be a link, or empty if it can.
    Optional<String> reasonAgainst(String name) {
        if (name.equals(tunnel)) {
            return Optional.of("it is the tunnel itself");
        }
        if (named.contains(name)) {
            return Optional.empty();
        }
        Optional<String> excluding =
                exclude.stream().filter(pattern -> matches(pattern, name)).findFirst();
        if (excluding.isPresent()) {
            return Optional.of("excluded by [links] exclude = \"%s\"".formatted(excluding.get()));
        }
        return include.stream().anyMatch(pattern -> matches(pattern, name))
                ? Optional.empty()
                : Optional.of("not in [links] include");
    }

    private static boolean matches(String pattern, String name) {
        String expression = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return Pattern.matches(expression, name);
    }
}
