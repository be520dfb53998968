package dev.holdfast.cli.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this Holdfast and the commit that it was built from. */
public record BuildVersion(String version, String commit) {

    /** Reads what the build has written into the jar. */
    public static BuildVersion read() {
        Properties build = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream("/holdfast-build.properties")) {
            build.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return new BuildVersion(build.getProperty("version").replace("-SNAPSHOT", ""), build.getProperty("commit"));
    }
}
