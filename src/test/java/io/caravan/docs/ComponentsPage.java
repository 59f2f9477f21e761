package io.caravan.docs;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** docs/components.md: the options of the project's own components, from the annotations of their endpoints. */
final class ComponentsPage {

    private static final List<String> ENDPOINTS = List.of("Deal", "Sector", "Moves", "Libp2p", "JsonRpc");

    private ComponentsPage() {}

    static String text() {
        var page = new StringBuilder("""
                # Components

                Written from the annotations of the endpoints in `io.caravan.camel`; do not edit it by hand. Everything else in a
                route is stock Camel. The words of an option's default are a duration (`500ms`, `1m`) or a plain number.

                """);
        ENDPOINTS.forEach(name -> component(page, name));
        return page.toString();
    }

    private static void component(StringBuilder page, String name) {
        Class<?> endpoint = type("io.caravan.camel." + name + "Endpoint");
        UriEndpoint about = endpoint.getAnnotation(UriEndpoint.class);
        page.append("## ").append(about.title()).append("\n\n`").append(about.syntax()).append("`\n\n")
                .append("| option | where | default | what it does |\n|---|---|---|---|\n");
        for (Field field : endpoint.getDeclaredFields()) {
            if (field.isAnnotationPresent(UriPath.class)) {
                row(page, field.getName(), "path", "", field.getAnnotation(UriPath.class).description());
            }
            UriParam option = field.getAnnotation(UriParam.class);
            if (option != null) {
                String words = option.enums().isEmpty() ? "" : " One of " + option.enums().replace(",", ", ") + ".";
                String where = option.label().isEmpty() ? "both" : option.label().split(",")[0];
                row(page, optionName(endpoint, field), where.equals("common") ? "both" : where, option.defaultValue(),
                        option.description() + words);
            }
        }
        page.append('\n');
    }

    /** The name that a route writes is the setter's. */
    private static String optionName(Class<?> endpoint, Field field) {
        String setter = "set" + Character.toUpperCase(field.getName().charAt(0)) + field.getName().substring(1);
        boolean isPlain = Arrays.stream(endpoint.getMethods()).anyMatch(method -> method.getName().equals(setter));
        if (isPlain) {
            return field.getName();
        }
        return switch (field.getName()) {
            case "side" -> "role";
            case "within" -> "stage";
            default -> throw new IllegalStateException(endpoint + " has no setter for " + field.getName());
        };
    }

    private static void row(StringBuilder page, String name, String where, String fallback, String description) {
        page.append("| ").append(name).append(" | ").append(where.replace("consumer", "from").replace("producer", "to"))
                .append(" | ").append(fallback).append(" | ")
                .append(description.replace("<", "&lt;")).append(" |\n");
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
