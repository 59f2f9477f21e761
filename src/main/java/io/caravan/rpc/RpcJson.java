package io.caravan.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.codec.LotusJson;

/** Mappers with the shapes of Lotus whose parsers refuse what is nested too deeply or too long, whatever arrives. */
public final class RpcJson {
    private static final int MAX_NUMBER_CHARS = 128;
    private static final int MAX_NAME_CHARS = 1024;

    private RpcJson() {}

    /**
     * A mapper for texts from outside.
     *
     * @param maxDepth deepest nesting
     * @param maxChars longest text and longest string in it
     * @param maxTokens most values, names and brackets in it, because each costs far more memory than its text
     * @param modules shapes beyond those of {@link LotusJson}
     */
    public static ObjectMapper bounded(int maxDepth, int maxChars, long maxTokens, Module... modules) {
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxStringLength(maxChars)
                .maxDocumentLength(maxChars)
                .maxNumberLength(MAX_NUMBER_CHARS)
                .maxNameLength(MAX_NAME_CHARS)
                .maxTokenCount(maxTokens)
                .build();
        // Names are not interned and not kept: a caller that invents new ones would fill the symbol table.
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(bounds)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .addModule(LotusJson.module())
                .addModules(modules)
                .build();
    }
}
