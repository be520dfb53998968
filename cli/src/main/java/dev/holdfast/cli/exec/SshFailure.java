package dev.holdfast.cli.exec;

import java.io.IOException;

/** An SSH connection that cannot be opened, with the reason and what to do as its message. */
final class SshFailure extends IOException {

    private static final long serialVersionUID = 1L;

    SshFailure(String message) {
        super(message);
    }
}
