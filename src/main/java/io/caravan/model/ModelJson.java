package io.caravan.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.caravan.codec.LotusJson;
import java.io.IOException;

/** The values of this package in the JSON of Lotus, addresses with the letter of one network (chain-and-rpc §1.5). */
public final class ModelJson {

    private ModelJson() {
    }

    /** A new {@link LotusJson} mapper that prints addresses for {@code network}. */
    public static ObjectMapper newMapper(Network network) {
        return LotusJson.newMapper().registerModule(module(network));
    }

    /** The address letter alone, for a mapper that is configured elsewhere. */
    public static SimpleModule module(Network network) {
        SimpleModule module = new SimpleModule("model-" + network);
        module.addSerializer(FilAddress.class, new StdSerializer<FilAddress>(FilAddress.class) {
            private static final long serialVersionUID = 1L;

            @Override
            public void serialize(FilAddress value, JsonGenerator json, SerializerProvider all) throws IOException {
                json.writeString(value.toString(network));
            }
        });
        return module;
    }
}
