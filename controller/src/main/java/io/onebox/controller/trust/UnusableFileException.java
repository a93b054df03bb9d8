package io.onebox.controller.trust;

import java.nio.file.Path;

/// A file that is no use: which key of the configuration names it, why not, and what mends it.
public final class UnusableFileException extends RuntimeException {

    private final String remedy;

    /// @param name of the key
    /// @param problem what it does not do, or is not
    public UnusableFileException(String name, Path file, String problem, String remedy) {
        super(name + " names " + file + ", which " + problem);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
