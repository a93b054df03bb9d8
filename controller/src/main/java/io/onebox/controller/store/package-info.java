/// The database: one transaction for a change, its audit line and the configurations it makes.
@NullMarked
package io.onebox.controller.store;

import org.jspecify.annotations.NullMarked;
