package io.caravan.node;

/** Which build this is. */
public final class Version {

    private Version() {}

    /** The build's version, or {@code development} where the classes do not come from a jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
