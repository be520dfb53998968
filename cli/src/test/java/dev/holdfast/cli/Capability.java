package dev.holdfast.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A capability of the kernel that a test needs; root has it, but not in a container with the capabilities it has by default. */
public enum Capability {
    SETPCAP(8, "gives capabilities up"),
    NET_ADMIN(12, "changes the firewall"),
    SYS_ADMIN(21, "mounts file systems and makes namespaces");

    private final int bit;
    private final String purpose;

    Capability(int bit, String purpose) {
        this.bit = bit;
        this.purpose = purpose;
    }

    /** Skips the test that runs where this process does not have it. */
    public void assumed() throws IOException {
        assumeTrue(isHeld(), "this needs the capability CAP_" + name() + ", which " + purpose);
    }

    public boolean isHeld() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("CapEff:"))
                .anyMatch(l ->
                        (Long.parseUnsignedLong(l.substring("CapEff:".length()).strip(), 16) >> bit & 1) == 1);
    }
}
