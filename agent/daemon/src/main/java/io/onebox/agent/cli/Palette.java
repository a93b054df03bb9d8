package io.onebox.agent.cli;

/// Colours for a terminal, or none.
enum Palette {
    /// ANSI colours.
    COLOURS("\u001b[31m", "\u001b[33m", "\u001b[32m", "\u001b[1m", "\u001b[0m"),
    /// Plain text.
    PLAIN("", "", "", "", "");

    private final String red;
    private final String yellow;
    private final String green;
    private final String bold;
    private final String reset;

    Palette(String red, String yellow, String green, String bold, String reset) {
        this.red = red;
        this.yellow = yellow;
        this.green = green;
        this.bold = bold;
        this.reset = reset;
    }

    String bad(String text) {
        return red + text + reset;
    }

    String warning(String text) {
        return yellow + text + reset;
    }

    String good(String text) {
        return green + text + reset;
    }

    String heading(String text) {
        return bold + text + reset;
    }
}
