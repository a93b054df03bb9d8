package io.onebox.testing;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// Turns one [Seeded] method into one run per seed.
final class SeededExtension implements TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(Seeded.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        String only = System.getProperty("onebox.seed", "");
        if (!only.isBlank()) {
            return Stream.of(new SeededRun(Long.parseLong(only)));
        }
        int runs = context.getRequiredTestMethod().getAnnotation(Seeded.class).runs();
        return LongStream.rangeClosed(1, runs).mapToObj(SeededRun::new);
    }

    private record SeededRun(long seed) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return "-Donebox.seed=" + seed;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Generator(seed));
        }
    }

    private record Generator(long seed) implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RandomGenerator.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return new Random(seed);
        }
    }
}
