package io.onebox.testbed.bench;

import java.util.List;
import java.util.function.Consumer;

/// A row of the table of promises, or one of several parts of it.
interface Row {

    /// Its letter, perhaps with a number.
    String id();

    /// All rows of the table that are measured together with it.
    default List<String> ids() {
        return List.of(id());
    }

    /// The links, for people.
    String title();

    /// Builds what it needs, measures, tears down.
    ///
    /// @param outcomes is given each line as soon as it is known
    void measure(Plan plan, Consumer<Outcome> outcomes);
}
