/// JSON as maps, lists and plain values, on both ends of the local API.
@NullMarked
package io.onebox.shared.json;

import org.jspecify.annotations.NullMarked;
