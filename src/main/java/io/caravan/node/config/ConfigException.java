package io.caravan.node.config;

/** A setting that cannot be used. The message names the key, what is wrong and what would be right. */
public final class ConfigException extends RuntimeException {

    private final String key;

    public ConfigException(String message) {
        this("", message);
    }

    /** @param key the setting that it is about */
    ConfigException(String key, String message) {
        super(message);
        this.key = key;
    }

    /** The setting that it is about; empty where it is about none in particular. */
    public String key() {
        return key;
    }
}
