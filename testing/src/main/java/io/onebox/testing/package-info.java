/// What tests of every module share: repeatable chance, patience, and a meter for allocation.
@NullMarked
package io.onebox.testing;

import org.jspecify.annotations.NullMarked;
