/// Configuration files: records in, every error out, each with its place.
@NullMarked
package io.onebox.shared.config;

import org.jspecify.annotations.NullMarked;
