package io.caravan.store;

/** Where a database is and how to get in. The password never shows. */
public record DatabaseAddress(String url, String user, String password) {

    public DatabaseAddress {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("caravan.db.url must begin with jdbc:postgresql:, it is '" + url + "'");
        }
    }

    @Override
    public String toString() {
        return user + "@" + url;
    }
}
