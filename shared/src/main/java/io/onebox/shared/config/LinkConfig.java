package io.onebox.shared.config;

/// Settings for one link, from `[[link]]`.
///
/// @param interfaceName name of the network interface, such as `wwan0`
/// @param role when it carries data
/// @param metered whether every byte costs
/// @param uploadBytesPerSecond upper bound, or [#NO_LIMIT]
/// @param downloadBytesPerSecond upper bound, or [#NO_LIMIT]
public record LinkConfig(
        String interfaceName, LinkRole role, boolean metered, long uploadBytesPerSecond, long downloadBytesPerSecond) {

    /// `"auto"`: the rate is measured, not bounded.
    public static final long NO_LIMIT = 0;

    /// The settings of a link nobody configured.
    public static LinkConfig unconfigured(String interfaceName) {
        return new LinkConfig(interfaceName, LinkRole.ALWAYS, false, NO_LIMIT, NO_LIMIT);
    }

    static LinkConfig read(ConfigSection section) {
        var config = new LinkConfig(
                section.required("interface", Rules.INTERFACE_NAME).orElse("?"),
                section.text("role", LinkRole.RULE, LinkRole.ALWAYS),
                section.flag("metered", false),
                section.text("upload", Rules.RATE, NO_LIMIT),
                section.text("download", Rules.RATE, NO_LIMIT));
        section.close();
        return config;
    }
}
