package io.onebox.testing;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Measures a Java source against the budgets of the house: no tail, not even a short one.
enum Budget {
    FILE_LINES(400),
    LINE_COLUMNS(120),
    METHOD_LINES(60),
    METHOD_PARAMETERS(6),
    NESTING(3);

    private final int limit;

    Budget(int limit) {
        this.limit = limit;
    }

    /// Something over its budget.
    ///
    /// @param place the file, and the method or the line if it is one of those
    record Excess(String place, Budget budget, int value) {
        @Override
        public String toString() {
            return "%s: %s %d (at most %d)".formatted(place, budget, value, budget.limit);
        }
    }

    /// Everything in a source that is over a budget.
    static List<Excess> excesses(String file, String source) {
        List<Excess> found = new ArrayList<>();
        FILE_LINES.note(found, file, (int) source.lines().count());
        int number = 0;
        for (String line : source.lines().toList()) {
            number++;
            LINE_COLUMNS.note(found, file + ":" + number, line.length());
        }
        try {
            var task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                    .getTask(null, null, null, List.of("-proc:none"), null, List.of(new InMemory(source)));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Methods(file, unit, positions, found).scan(unit, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void note(List<Excess> found, String place, int value) {
        if (value > limit) {
            found.add(new Excess(place, this, value));
        }
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final String source;

        InMemory(String source) {
            super(URI.create("memory:///Source.java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    /// Walks one source; the number passed down is how deep in control structures we are.
    private static final class Methods extends TreeScanner<Void, Integer> {
        private final String file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Excess> found;
        private String type = "";
        private boolean inRecord;
        private String method = "";
        private int deepest;

        Methods(String file, CompilationUnitTree unit, SourcePositions positions, List<Excess> found) {
            this.file = file;
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree tree, Integer depth) {
            String outer = type;
            boolean outerIsRecord = inRecord;
            type = tree.getSimpleName().isEmpty() ? outer : tree.getSimpleName().toString();
            inRecord = tree.getKind() == Tree.Kind.RECORD;
            super.visitClass(tree, depth);
            type = outer;
            inRecord = outerIsRecord;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Integer depth) {
            String outerMethod = method;
            int outerDeepest = deepest;
            method = file + " " + type + "." + tree.getName();
            deepest = 0;
            if (!inRecord || !tree.getName().contentEquals("<init>")) {
                METHOD_PARAMETERS.note(found, method, tree.getParameters().size());
            }
            METHOD_LINES.note(found, method, lines(tree));
            super.visitMethod(tree, 0);
            NESTING.note(found, method, deepest);
            method = outerMethod;
            deepest = outerDeepest;
            return null;
        }

        private int lines(Tree tree) {
            long from = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
            long to = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
            return (int) (to - from + 1);
        }

        private int deeper(int depth) {
            deepest = Math.max(deepest, depth + 1);
            return depth + 1;
        }

        @Override
        public Void visitIf(IfTree tree, Integer depth) {
            int inside = deeper(depth);
            scan(tree.getCondition(), depth);
            scan(tree.getThenStatement(), inside);
            // An else-if is the next case of the same choice, not a deeper one.
            return scan(tree.getElseStatement(), tree.getElseStatement() instanceof IfTree ? depth : inside);
        }

        @Override
        public Void visitForLoop(ForLoopTree tree, Integer depth) {
            return super.visitForLoop(tree, deeper(depth));
        }

        @Override
        public Void visitEnhancedForLoop(EnhancedForLoopTree tree, Integer depth) {
            return super.visitEnhancedForLoop(tree, deeper(depth));
        }

        @Override
        public Void visitWhileLoop(WhileLoopTree tree, Integer depth) {
            return super.visitWhileLoop(tree, deeper(depth));
        }

        @Override
        public Void visitDoWhileLoop(DoWhileLoopTree tree, Integer depth) {
            return super.visitDoWhileLoop(tree, deeper(depth));
        }

        @Override
        public Void visitSwitch(SwitchTree tree, Integer depth) {
            return super.visitSwitch(tree, deeper(depth));
        }

        @Override
        public Void visitSwitchExpression(SwitchExpressionTree tree, Integer depth) {
            return super.visitSwitchExpression(tree, deeper(depth));
        }

        @Override
        public Void visitTry(TryTree tree, Integer depth) {
            return super.visitTry(tree, deeper(depth));
        }

        @Override
        public Void visitSynchronized(SynchronizedTree tree, Integer depth) {
            return super.visitSynchronized(tree, deeper(depth));
        }
    }
}
