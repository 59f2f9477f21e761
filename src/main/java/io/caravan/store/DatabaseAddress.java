package io.caravan.store;

/** Where a database is and how to get in. The password never shows. */
public record DatabaseAddress(String url, String user, String password) {

    public DatabaseAddress {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("caravan.db.url must begin with jdbc:postgresql:, it is '" + shown(url) + "'");
        }
    }

    @Override
    public String toString() {
        return user + "@" + shown(url);
    }

    private static String shown(String url) {
        return url.replaceAll("(?i)(password=)[^&]*", "$1(not shown)");
    }
}
