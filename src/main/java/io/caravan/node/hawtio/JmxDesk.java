package io.caravan.node.hawtio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.rpc.RpcJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jolokia.core.api.LogHandler;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;
import org.jolokia.json.JSONStructure;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.service.jmx.LocalRequestHandler;
import org.jolokia.service.serializer.JolokiaSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jolokia for one role: takes its JSON requests, one or many at once, under the caller's rights. Made when first asked. */
final class JmxDesk implements AutoCloseable {

    /** Longest request. */
    static final int MAX_BODY = 256 << 10;
    /** Most requests in one. */
    static final int MOST = 200;

    private static final Logger LOG = LoggerFactory.getLogger(JmxDesk.class);
    private static final int MAX_DEPTH = 16;
    private static final long MAX_TOKENS = 20_000;
    private static final Map<ConfigKey, String> LIMITS = Map.of(ConfigKey.MAX_DEPTH, "12", ConfigKey.MAX_COLLECTION_SIZE, "5000",
            ConfigKey.MAX_OBJECTS, "200000", ConfigKey.ALLOW_ERROR_DETAILS, "false", ConfigKey.DISABLE_DETECTORS, "true",
            ConfigKey.AGENT_CONTEXT, "/hawtio/jolokia", ConfigKey.AGENT_DESCRIPTION, "Caravan");

    /** What a caller may say of the answer's shape, within the limits. */
    private static final Set<String> SHAPE = Set.of("maxDepth", "maxCollectionSize", "maxObjects", "ignoreErrors", "canonicalNaming",
            "serializeLong", "listKeys", "listCache", "ifModifiedSince");
    private static final Pattern ON_EXCEPTION = Pattern.compile("(?s)\\s*<onException\\b.*?</onException>");
    private static final Pattern VALUE = Pattern.compile("[a-z0-9]{1,12}");

    private final Supplier<OwnBeans> own;
    private final ObjectMapper json = RpcJson.bounded(MAX_DEPTH, MAX_BODY, MAX_TOKENS);
    private final Map<Access, Agent> agents = new EnumMap<>(Access.class);
    private volatile BiConsumer<String, String> stops = (route, who) -> { };
    private boolean isClosed;

    /** What a caller may. */
    enum Access { LOOK, OPERATE }

    private record Agent(JmxPolicy policy, JolokiaServiceManager services, HttpRequestHandler handler) {}

    /** What is asked is malformed, too much, or for another machine; the message is for the caller. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** @param own asked once, at the first request */
    JmxDesk(Supplier<OwnBeans> own) {
        this.own = own;
    }

    /** Takes the id of each route that is stopped or suspended from now on, and the name of who asked. */
    void telling(BiConsumer<String, String> watcher) {
        stops = watcher;
    }

    /**
     * Answers one request or a list of them, each with its own status as Jolokia has it.
     *
     * @param who is noted beside every act
     * @param query of the request's address; what it says of the answer's shape counts
     * @throws RefusedException if nothing of it was done
     */
    byte[] answer(Access access, String who, String query, byte[] body) throws RefusedException {
        check(body);
        Agent agent = agent(access);
        try {
            JSONStructure answer = agent.handler().handlePostRequest("/", new ByteArrayInputStream(body), "UTF-8", shape(query));
            note(agent.policy(), who, answer);
            tidy(answer);
            return written(answer);
        } catch (BadRequestException | EmptyResponseException | IOException e) {
            throw new RefusedException("Jolokia does not understand this: " + e.getMessage());
        }
    }

    /** What Jolokia is, as it tells clients that begin. */
    byte[] version(Access access) throws RefusedException {
        return answer(access, "", "", "{\"type\":\"version\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        agents.values().forEach(agent -> agent.services().stop());
        agents.clear();
    }

    private static Map<String, String[]> shape(String query) {
        Map<String, String[]> shape = new java.util.HashMap<>();
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0 && SHAPE.contains(part.substring(0, equals)) && VALUE.matcher(part.substring(equals + 1)).matches()) {
                shape.put(part.substring(0, equals), new String[] {part.substring(equals + 1)});
            }
        }
        return shape;
    }

    /** Before Jolokia's own parser sees it, which knows no bounds. */
    private void check(byte[] body) throws RefusedException {
        if (body.length > MAX_BODY) {
            throw new RefusedException("a request has at most " + MAX_BODY + " bytes");
        }
        JsonNode tree;
        try {
            tree = json.readTree(body);
        } catch (IOException e) {
            throw new RefusedException("this is not JSON, or too deep or too much of it");
        }
        List<JsonNode> requests = tree.isArray() ? elements(tree) : List.of(tree);
        if (requests.size() > MOST) {
            throw new RefusedException("at most " + MOST + " requests are taken at once, not " + requests.size());
        }
        for (JsonNode request : requests) {
            if (!request.isObject() || !request.path("type").isTextual()) {
                throw new RefusedException("each request is an object with a type");
            }
            if (request.has("target")) {
                throw new RefusedException("this node asks no other machine for you");
            }
        }
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> all = new java.util.ArrayList<>(array.size());
        array.forEach(all::add);
        return all;
    }

    private synchronized Agent agent(Access access) throws RefusedException {
        if (isClosed) {
            throw new RefusedException("this node is stopping");
        }
        return agents.computeIfAbsent(access, this::newAgent);
    }

    private Agent newAgent(Access access) {
        OwnBeans beans = own.get();
        JmxPolicy policy = new JmxPolicy(beans, access == Access.OPERATE);
        Map<ConfigKey, String> settings = new EnumMap<>(LIMITS);
        settings.put(ConfigKey.AGENT_ID, "caravan-" + beans.context() + "-" + access.name().toLowerCase(java.util.Locale.ROOT));
        Object[] pairs = settings.entrySet().stream().flatMap(e -> java.util.stream.Stream.of(e.getKey(), e.getValue())).toArray();
        JolokiaServiceManager services = JolokiaServiceManagerFactory.createJolokiaServiceManager(
                new StaticConfiguration(pairs), new QuietLog(), policy);
        services.addService(new JolokiaSerializer());
        services.addService(new LocalRequestHandler(1));
        return new Agent(policy, services, new HttpRequestHandler(services.start()));
    }

    /** Every act, done or refused, from what Jolokia answers. */
    private void note(JmxPolicy policy, String who, JSONStructure answer) {
        List<?> answers = answer instanceof JSONArray many ? many : List.of(answer);
        for (Object one : answers) {
            if (one instanceof JSONObject response && response.get("request") instanceof JSONObject request
                    && "exec".equals(request.get("type")) && request.get("mbean") instanceof String bean
                    && policy.isAct(name(bean), String.valueOf(request.get("operation")))) {
                boolean isDone = Integer.valueOf(200).equals(response.get("status"));
                LOG.info("{} asked by Hawtio: {} of {}: {}", who, request.get("operation"), bean, isDone ? "done" : response.get("error"));
                if (isDone && String.valueOf(request.get("operation")).matches("(stop|suspend)\\b.*")) {
                    stops.accept(route(name(bean)), who);
                }
            }
        }
    }

    /**
     * Camel writes what happens on an exception at the head of each route's source, and Hawtio draws that as the route's first
     * steps, through which every message seems to go. The name of the error configuration stays.
     */
    private static void tidy(JSONStructure answer) {
        for (Object one : answer instanceof JSONArray many ? many : List.of(answer)) {
            if (one instanceof JSONObject response && response.get("request") instanceof JSONObject request
                    && String.valueOf(request.get("operation")).matches("dumpRoutes?AsXml\\(\\)") && response.get("value") instanceof String xml) {
                response.put("value", ON_EXCEPTION.matcher(xml).replaceAll(""));
            }
        }
    }

    /** All that can be told to stop is a route. */
    private static String route(ObjectName bean) {
        String name = String.valueOf(bean.getKeyProperty("name"));
        return name.startsWith("\"") ? ObjectName.unquote(name) : name;
    }

    private static ObjectName name(String bean) {
        try {
            return new ObjectName(bean);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException("Jolokia answered for a name that is none: " + bean, e);
        }
    }

    private static byte[] written(JSONStructure answer) throws IOException {
        StringWriter text = new StringWriter();
        answer.writeJSONString(text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Refusals are answers; what Jolokia itself says is of interest to its developers. */
    private static final class QuietLog implements LogHandler {
        @Override
        public void debug(String message) {
            LOG.trace(message);
        }

        @Override
        public void info(String message) {
            LOG.debug(message);
        }

        @Override
        public void error(String message, Throwable failure) {
            LOG.debug(message, failure);
        }

        @Override
        public boolean isDebug() {
            return false;
        }
    }
}
