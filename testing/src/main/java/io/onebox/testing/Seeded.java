package io.onebox.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs a test once per seed and passes it a `RandomGenerator` made from the seed.
///
/// Seeds are `1..runs`, so that a build is repeatable. `-Donebox.seed=n` runs seed `n` alone; each
/// run carries that option in its name.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededExtension.class)
public @interface Seeded {
    /// How many seeds to run.
    int runs() default 100;
}
