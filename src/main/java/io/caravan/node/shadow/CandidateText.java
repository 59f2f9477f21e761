package io.caravan.node.shadow;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A candidate's text before Camel sees it: bounded, and a list of routes and nothing else, so that reading it makes nothing. */
final class CandidateText {

    private static final int MOST_BYTES = 64 << 10;

    private CandidateText() {}

    static void check(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new ShadowRefusedException("S1 unreadable:", "the file is larger than " + MOST_BYTES + " bytes");
        }
        Object parsed;
        try {
            parsed = new Load(LoadSettings.builder().build()).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new ShadowRefusedException("S1 unreadable:", "the file is no YAML: " + e.getMessage().lines().findFirst().orElse(""));
        }
        if (!(parsed instanceof List<?> elements) || elements.isEmpty()) {
            throw new ShadowRefusedException("S1 unreadable:", "a file of routes is a list: each element begins with '- route:'");
        }
        for (Object element : elements) {
            if (!(element instanceof Map<?, ?> one) || !one.keySet().equals(Set.of("route"))) {
                throw new ShadowRefusedException("S2 not-a-route:", "a candidate holds routes only; error configurations are those of the live routes");
            }
        }
    }
}
