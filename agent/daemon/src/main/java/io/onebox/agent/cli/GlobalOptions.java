package io.onebox.agent.cli;

import io.onebox.shared.config.Durations;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/// The flags every command has, in front of its name or behind it.
final class GlobalOptions {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    @Option(names = "--config", paramLabel = "F", scope = ScopeType.INHERIT, description = "Configuration file.")
    @Nullable
    Path config;

    @Option(names = "--socket", paramLabel = "F", scope = ScopeType.INHERIT, description = "Socket of the agent.")
    @Nullable
    Path socket;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Data as JSON.")
    boolean json;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours, as with NO_COLOR.")
    boolean noColor;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No messages but errors.")
    boolean quiet;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "More messages.")
    boolean verbose;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            scope = ScopeType.INHERIT,
            converter = DurationConverter.class,
            description = "How long to wait, such as 5s; 10s unless told otherwise.")
    Duration timeout = DEFAULT_TIMEOUT;

    /// Reads `200ms`, `5s`, `2m`.
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            return Durations.parse(value)
                    .filter(duration -> !duration.isZero())
                    .orElseThrow(() ->
                            new TypeConversionException("'" + value + "' is not a duration such as 200ms, 5s or 2m"));
        }
    }
}
