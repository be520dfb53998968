package dev.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes that are not children of the test. In a container without an init process, they stay zombies when they end. */
public final class RunningProcess {

    private RunningProcess() {}

    /** Returns whether the process exists and is no zombie. */
    public static boolean is(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException gone) {
            return false;
        }
    }
}
