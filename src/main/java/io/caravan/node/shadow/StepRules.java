package io.caravan.node.shadow;

import io.caravan.model.InShadow;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ConvertBodyDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RemoveHeaderDefinition;
import org.apache.camel.model.RemoveHeadersDefinition;
import org.apache.camel.model.RemovePropertyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate's steps may be: those that only compute, events that are noted instead of fired, and methods of beans that
 * are declared {@link InShadow}. Everything else is refused, for nobody can know what it would do.
 */
final class StepRules {

    private static final Set<Class<?>> PLAIN = Set.of(ChoiceDefinition.class, WhenDefinition.class, OtherwiseDefinition.class,
            FilterDefinition.class, TryDefinition.class, CatchDefinition.class, FinallyDefinition.class, LogDefinition.class,
            SetBodyDefinition.class, SetHeaderDefinition.class, SetPropertyDefinition.class, RemoveHeaderDefinition.class,
            RemoveHeadersDefinition.class, RemovePropertyDefinition.class, ConvertBodyDefinition.class, StopDefinition.class,
            ToDefinition.class);
    private static final Set<String> LANGUAGES = Set.of("simple", "constant", "header", "exchangeProperty");
    private static final Pattern REACHES_OUT = Pattern.compile("\\$\\{\\s*(bean|ref|type|camelContext|env|sys|sysenv)\\b|\\bclass\\b|[gG]etClass");
    /** What an operator may allow: a question to a service of his own. */
    static final Set<String> ALLOWABLE = Set.of("http", "https");

    private final Function<String, @Nullable Object> beans;
    private final Set<String> allowed;
    private final Function<String, String> placeholders;
    private final Map<String, Object> used = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> passedOver = new HashSet<>();

    /** @param allowed those of {@link #ALLOWABLE} that the operator allows */
    StepRules(Function<String, @Nullable Object> beans, Set<String> allowed, Function<String, String> placeholders) {
        this.beans = beans;
        this.allowed = allowed;
        this.placeholders = placeholders;
    }

    /** Checks all routes. */
    void check(List<RouteDefinition> routes) {
        routes.forEach(route -> from(route).ifPresent(answered::add));
        for (RouteDefinition route : routes) {
            if (route.isErrorHandlerFactorySet()) {
                throw refused("S3 step-refused:", route, "has an error handler of its own; it is that of the live routes");
            }
            steps(route, route.getOutputs());
        }
    }

    /** Takes out of routes that were checked the steps that are passed over. */
    void strip(List<ProcessorDefinition<?>> steps) {
        steps.removeIf(step -> step instanceof ToDefinition to && passedOver.contains(to.getEndpointUri()));
        for (ProcessorDefinition<?> step : steps) {
            if (step instanceof ChoiceDefinition choice) {
                choice.getWhenClauses().forEach(when -> strip(when.getOutputs()));
                if (choice.getOtherwise() != null) {
                    strip(choice.getOtherwise().getOutputs());
                }
            } else {
                strip(step.getOutputs());
            }
        }
    }

    /** The beans that the candidate calls. */
    Map<String, Object> beans() {
        return used;
    }

    /** The name after direct:, of a route that begins so. */
    private Optional<String> from(RouteDefinition route) {
        String uri = placeholders.apply(route.getInput().getEndpointUri());
        String target = target(uri);
        return switch (scheme(uri)) {
            case "deal" -> {
                if (target.equals("moves")) {
                    throw refused("S4 no-phase:", route, "deal:moves tells others of moves and decides nothing");
                }
                yield Optional.empty();
            }
            case "direct" -> Optional.of(target);
            default -> throw refused("S4 no-phase:", route, "begins with " + uri + "; only phases of deals (deal:<State>) and what they call by direct: run in shadow");
        };
    }

    private void steps(RouteDefinition route, List<ProcessorDefinition<?>> steps) {
        for (ProcessorDefinition<?> step : steps) {
            if (!PLAIN.contains(step.getClass())) {
                throw refused("S3 step-refused:", route, "the step " + step.getShortName() + " is not one that a candidate may have");
            }
            if (step instanceof ExpressionNode computed) {
                expression(route, computed.getExpression());
            }
            if (step instanceof CatchDefinition caught && caught.getOnWhen() != null) {
                expression(route, caught.getOnWhen().getExpression());
            }
            if (step instanceof LogDefinition log && log.getMessage() != null && REACHES_OUT.matcher(log.getMessage()).find()) {
                throw refused("S3 step-refused:", route, "a message of the log reaches for beans");
            }
            if (step instanceof ToDefinition to && isPassedOver(route, placeholders.apply(to.getEndpointUri()))) {
                passedOver.add(to.getEndpointUri());
            }
            if (step instanceof ChoiceDefinition choice) {
                choice.getWhenClauses().forEach(when -> {
                    expression(route, when.getExpression());
                    steps(route, when.getOutputs());
                });
                if (choice.getOtherwise() != null) {
                    steps(route, choice.getOtherwise().getOutputs());
                }
            } else {
                steps(route, step.getOutputs());
            }
        }
    }

    private void expression(RouteDefinition route, @Nullable ExpressionDefinition expression) {
        if (expression == null) {
            return;
        }
        if (!LANGUAGES.contains(expression.getLanguage())) {
            throw refused("S3 step-refused:", route, "the language " + expression.getLanguage() + " may do anything");
        }
        if (expression.getLanguage().equals("simple") && REACHES_OUT.matcher(String.valueOf(expression.getExpression())).find()) {
            throw refused("S3 step-refused:", route, "the expression " + expression.getExpression() + " reaches for more than the deal");
        }
    }

    private boolean isPassedOver(RouteDefinition route, String uri) {
        String scheme = scheme(uri);
        switch (scheme) {
            case "deal", "log":
                return false;
            case "direct":
                if (!answered.contains(target(uri))) {
                    throw refused("S5 unanswered:", route, "calls " + uri + ", which no route of the candidate answers: put that route into the file too");
                }
                return false;
            case "bean":
                return bean(route, uri) == InShadow.How.SKIP;
            default:
                if (!allowed.contains(scheme)) {
                    throw refused("S6 endpoint-refused:", route, "sends to " + scheme + ": " + (ALLOWABLE.contains(scheme)
                            ? "which reaches out of the node; if the service only answers, allow it by --allow " + scheme
                            : "what that does cannot be known, no candidate may"));
                }
                return false;
        }
    }

    private InShadow.How bean(RouteDefinition route, String uri) {
        String name = target(uri);
        String method = uri.replaceFirst(".*[?&]method=", "").replaceFirst("[(&].*", "").strip();
        Object bean = beans.apply(name);
        if (bean == null) {
            throw refused("S7 bean-refused:", route, "there is no bean " + name);
        }
        if (REACHES_OUT.matcher(uri).find()) {
            throw refused("S3 step-refused:", route, uri + " reaches for more than the deal");
        }
        List<Method> named = Arrays.stream(bean.getClass().getMethods()).filter(one -> one.getName().equals(method)).toList();
        if (named.isEmpty() || !named.stream().allMatch(one -> one.isAnnotationPresent(InShadow.class))) {
            throw refused("S7 bean-refused:", route, "calls " + name + "." + method + ", which may write or send: a candidate calls methods only that are declared for it");
        }
        InShadow.How how = named.get(0).getAnnotation(InShadow.class).value();
        if (how == InShadow.How.RUN) {
            used.put(name, bean);
        }
        return how;
    }

    private static String scheme(String uri) {
        return uri.split(":", 2)[0];
    }

    private static String target(String uri) {
        return uri.replaceFirst("^[^:]*:(//)?", "").split("\\?", 2)[0];
    }

    private static ShadowRefusedException refused(String code, RouteDefinition route, String sentence) {
        return new ShadowRefusedException(code, "the route " + route.getRouteId() + (sentence.startsWith("the ") || sentence.startsWith("a") && sentence.charAt(1) == ' ' ? ": " : " ") + sentence);
    }
}
