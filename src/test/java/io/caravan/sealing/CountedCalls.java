package io.caravan.sealing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Puts itself before interfaces and ends the process, as far as their caller can tell, behind one of the calls. */
final class CountedCalls {

    /** Nobody catches it; what comes after it does not happen. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private final int killAfter;
    private int made;

    /** @param killAfter the call behind which nothing happens any more, from 1 */
    CountedCalls(int killAfter) {
        this.killAfter = killAfter;
    }

    <T> T of(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            if (made >= killAfter) {
                throw new Killed();
            }
            try {
                Object answer = method.invoke(real, arguments);
                if (++made >= killAfter) {
                    throw new Killed();
                }
                return answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    int made() {
        return made;
    }
}
