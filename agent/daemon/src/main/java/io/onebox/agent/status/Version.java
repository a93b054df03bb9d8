package io.onebox.agent.status;

/// The version of this program.
public final class Version {

    private Version() {}

    /// From the manifest of our jar; `development` outside one.
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
