package io.caravan.node.config;

/** A setting that cannot be used. The message names the key, what is wrong and what would be right. */
public final class ConfigException extends RuntimeException {

    public ConfigException(String message) {
        super(message);
    }
}
