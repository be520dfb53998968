package dev.holdfast.cli.exec;

/** The user that runs Holdfast's scripts on a host: the login user, or root by sudo. */
enum RemoteShell {
    LOGIN,
    SUDO;

    /** The rights that sudo needs, as a line of a sudoers file. */
    static final String RIGHTS = "ALL=(root) NOPASSWD: /bin/sh";

    /**
     * Returns the command for the SSH server, which gives it to the login shell of the user. That shell can be any program, so it
     * only starts sh. sudo removes SSH_CONNECTION, which a fault needs to spare the connection of Holdfast.
     *
     * @param program a program for sh; its script comes on standard input
     */
    String command(String program) {
        if (this == LOGIN) {
            return "sh -c " + CommandRunner.quoted(program);
        }
        String asRoot = "SSH_CONNECTION=$1; export SSH_CONNECTION; " + program;
        return "sh -c "
                + CommandRunner.quoted(
                        "exec sudo -n /bin/sh -c " + CommandRunner.quoted(asRoot) + " sh \"${SSH_CONNECTION:-}\"");
    }

    /** Returns whether sudo itself wrote this on standard error, and no script ran. */
    boolean isRefused(String problems) {
        return this == SUDO && problems.contains("sudo: ");
    }

    /** Returns what to do when sudo started no script. */
    static String refusal(String problems) {
        return "sudo does not run Holdfast's scripts: " + problems.strip()
                + "; HINT: install sudo there, and write this line for the login user to a file in /etc/sudoers.d: USER "
                + RIGHTS;
    }
}
