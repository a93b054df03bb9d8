/// What tests of every module share: repeatable chance, patience, a meter for
/// allocation, and the rules of the house.
@NullMarked
package io.onebox.testing;

import org.jspecify.annotations.NullMarked;
