package io.onebox.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.constant.ConstantDesc;
import java.util.List;
import java.util.Optional;

/// A constant of the engine, read from the class file that the compiler made, and put there anew: so the engine needs
/// no way to set it. The compiler copies the value to wherever the class uses it; those places are changed.
///
/// @param type class that has it, without `io.onebox.engine.`
/// @param field its name
record Constant(String type, String field) {

    private static final String ENGINE = "io.onebox.engine.";

    String className() {
        return ENGINE + type;
    }

    /// What a reader calls it.
    String title() {
        return type.substring(type.lastIndexOf('.') + 1) + "." + field;
    }

    /// Its value.
    double value() {
        return ((Number) described(model())).doubleValue();
    }

    /// The class file with another value.
    ///
    /// @throws IllegalStateException if nothing uses the constant, or another of the class has the same value
    byte[] with(double changed) {
        ClassModel model = model();
        ConstantDesc before = described(model);
        long alike = model.fields().stream()
                .filter(other -> constant(other).filter(before::equals).isPresent())
                .count();
        if (alike != 1) {
            throw new IllegalStateException(title() + ": another constant has the same value");
        }
        ConstantDesc after = like(before, changed);
        var uses = new int[1];
        CodeTransform replace = (builder, element) -> {
            if (element instanceof ConstantInstruction load
                    && load.constantValue().equals(before)) {
                uses[0]++;
                builder.loadConstant(after);
            } else {
                builder.with(element);
            }
        };
        byte[] made = ClassFile.of().transformClass(model, ClassTransform.transformingMethodBodies(replace));
        if (uses[0] == 0) {
            throw new IllegalStateException(title() + ": nothing uses it as it is");
        }
        return made;
    }

    private static ConstantDesc like(ConstantDesc before, double changed) {
        return switch (before) {
            case Long _ -> Math.round(changed);
            case Integer _ -> (int) Math.round(changed);
            default -> changed;
        };
    }

    private ConstantDesc described(ClassModel model) {
        List<ConstantDesc> found = model.fields().stream()
                .filter(candidate -> candidate.fieldName().equalsString(field))
                .flatMap(candidate -> constant(candidate).stream())
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(title() + ": no such constant");
        }
        return found.getFirst();
    }

    private static Optional<ConstantDesc> constant(FieldModel field) {
        return field.findAttribute(Attributes.constantValue())
                .map(ConstantValueAttribute::constant)
                .map(entry -> entry.constantValue());
    }

    private ClassModel model() {
        return ClassFile.of().parse(bytes(className()));
    }

    /// The class file of a class on the class path.
    static byte[] bytes(String className) {
        String path = className.replace('.', '/') + ".class";
        try (InputStream in = Constant.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no class " + className);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
