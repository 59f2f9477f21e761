package io.caravan.sealing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;

/** An engine whose files are damaged just before one of its steps, so many times. */
final class HarmedEngine {

    private final SectorFiles files;
    private final String step;
    private final String role;
    private int left;

    HarmedEngine(SectorFiles files, String step, String role, int times) {
        this.files = files;
        this.step = step;
        this.role = role;
        this.left = times;
    }

    /** The same engine with one bit of that file flipped before its step. */
    SealingEngine over(SealingEngine real) {
        return proxy(real, UnaryOperator.identity());
    }

    /** The engine with another answer of {@code step}. */
    static SealingEngine answering(SealingEngine real, String step, UnaryOperator<Object> change) {
        return new HarmedEngine(new SectorFiles(Path.of("")), step, "", 0).proxy(real, change);
    }

    private SealingEngine proxy(SealingEngine real, UnaryOperator<Object> change) {
        return (SealingEngine) Proxy.newProxyInstance(SealingEngine.class.getClassLoader(), new Class<?>[] {SealingEngine.class},
                (proxy, method, args) -> {
                    if (method.getName().equals(step) && left > 0) {
                        left--;
                        harm(sector(args[0]));
                    }
                    try {
                        Object answer = method.invoke(real, args);
                        return method.getName().equals(step) ? change.apply(answer) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static SectorRef sector(Object about) {
        return about instanceof SealInputs inputs ? inputs.sector() : about instanceof Replica replica ? replica.sector()
                : (SectorRef) about;
    }

    private void harm(SectorRef sector) {
        try {
            Path file = Harm.files(files, sector).get(role);
            Harm.befall(file, Harm.Kind.BIT, file, new Random(left));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
