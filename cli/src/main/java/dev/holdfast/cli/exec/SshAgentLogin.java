package dev.holdfast.cli.exec;

import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;

/** A login with a key that the SSH agent holds. The server is asked first whether it accepts the key; then the agent signs. */
final class SshAgentLogin extends AbstractAuthMethod {

    private static final int RSA_SHA2_512 = 4;

    private final SshAgent agent;
    private final SshAgent.Identity identity;

    SshAgentLogin(SshAgent agent, SshAgent.Identity identity) {
        super("publickey");
        this.agent = agent;
        this.identity = identity;
    }

    /** Returns the signature algorithm: that of the key's type, and for RSA the one with SHA-2. */
    private String algorithm() {
        return switch (identity.type()) {
            case "ssh-rsa" -> "rsa-sha2-512";
            case "ssh-rsa-cert-v01@openssh.com" -> "rsa-sha2-512-cert-v01@openssh.com";
            default -> identity.type();
        };
    }

    private SSHPacket request(boolean isSigned) throws UserAuthException {
        SSHPacket packet = super.buildReq();
        packet.putBoolean(isSigned).putString(algorithm()).putBytes(identity.blob());
        return packet;
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        return request(false);
    }

    @Override
    public void handle(Message message, SSHPacket content) throws UserAuthException, TransportException {
        if (message != Message.USERAUTH_60) {
            super.handle(message, content);
            return;
        }
        SSHPacket packet = request(true);
        byte[] data = new Buffer.PlainBuffer()
                .putBytes(params.getTransport().getSessionID())
                .putBuffer(packet)
                .getCompactData();
        try {
            packet.putBytes(agent.signature(identity, data, algorithm().startsWith("rsa-sha2-512") ? RSA_SHA2_512 : 0));
        } catch (IOException refused) {
            throw new UserAuthException(
                    "the SSH agent does not sign with " + identity.description() + ": " + refused.getMessage(),
                    refused);
        }
        params.getTransport().write(packet);
    }
}
