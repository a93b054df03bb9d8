/// What agents and their controller say to each other, as values and as JSON.
@NullMarked
package io.onebox.shared.message;

import org.jspecify.annotations.NullMarked;
