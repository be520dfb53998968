package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.HostAccess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.Session;

/** The shell of a host that is reached by SSH, over one connection that is opened again when it was lost. */
public final class SshCommandRunner implements CommandRunner {

    /** sshd's MaxSessions is 10 by default. */
    private static final int CHANNELS = 8;

    private static final long FINAL_OUTPUT_MILLIS = 3000;

    private final SshConnection line;
    private final RemoteShell shell;
    private final Executor readers;
    private final Semaphore channels = new Semaphore(CHANNELS);
    private final Queue<Session> held = new ConcurrentLinkedQueue<>();

    public SshCommandRunner(String address, HostAccess.Ssh reach, SshAccess access, Executor readers) {
        this.line = new SshConnection(access::jump, reach.name(address), () -> access.target(address, reach));
        this.shell = reach.isBySudo() ? RemoteShell.SUDO : RemoteShell.LOGIN;
        this.readers = readers;
    }

    @Override
    public boolean isFar() {
        return true;
    }

    @Override
    public void open() {
        try {
            line.client();
        } catch (IOException description) {
            // the command that follows meets the same failure
        }
    }

    @Override
    public ActionResult run(String program, Duration deadline) {
        channels.acquireUninterruptibly();
        try (Session session = session()) {
            long began = System.nanoTime(); // before the host's own limit begins
            Session.Command command = session.exec(shell.command(withEnd(CommandRunner.limited(deadline))));
            StreamReader out = new StreamReader(command.getInputStream(), readers);
            StreamReader err = new StreamReader(command.getErrorStream(), readers);
            try (OutputStream in = command.getOutputStream()) {
                in.write(program.getBytes(StandardCharsets.UTF_8));
            }
            if (!isOver(command, deadline) || isLate(command.getExitStatus(), began, deadline)) {
                return ActionResult.silent(line.at() + ": " + CommandRunner.late(deadline, err.soFar()));
            }
            Integer code = command.getExitStatus();
            if (code == null) {
                return ActionResult.silent("the command was ended by a signal, or the connection was lost");
            }
            String output = out.all(FINAL_OUTPUT_MILLIS);
            boolean isWhole = output.endsWith(END);
            String problems = err.all(FINAL_OUTPUT_MILLIS);
            if (!isWhole && shell.isRefused(problems)) {
                return ActionResult.silent(line.at() + ": " + RemoteShell.refusal(problems));
            }
            if (code == 0 && !isWhole) {
                return ActionResult.silent(line.at() + ": the answer is incomplete; test the login with: ssh "
                        + line.at() + " echo whole");
            }
            String text = isWhole ? output.substring(0, output.length() - END.length()) : output;
            return LocalCommandRunner.answer(code, text, problems);
        } catch (IOException | IllegalStateException lost) {
            return ActionResult.silent(line.description(lost));
        } finally {
            channels.release();
        }
    }

    /** The last character of every complete answer. An answer without it was cut off, and nothing is read from it. */
    private static final String END = "\u001e";

    private static String withEnd(List<String> command) {
        return String.join(" ", command) + "; code=$?; printf \"\\036\"; exit $code";
    }

    /** Waits for the end of a command; throws when the connection is lost. */
    private static boolean isOver(Session.Command command, Duration deadline) throws IOException {
        try {
            command.join(deadline.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ConnectionException lost) {
            if (lost.getCause() instanceof TimeoutException) {
                return false;
            }
            throw lost;
        }
    }

    private static boolean isLate(Integer code, long began, Duration deadline) {
        return code != null && LocalCommandRunner.isLate(code, System.nanoTime() - began, deadline);
    }

    @Override
    public HeldScript hold(String program, Duration deadline) {
        try {
            Session session = session();
            Session.Command command = session.exec(shell.command("exec sh -s"));
            OutputStream in = command.getOutputStream();
            in.write(program.getBytes(StandardCharsets.UTF_8));
            in.flush();
            String first = CompletableFuture.supplyAsync(() -> firstLine(command.getInputStream()), readers)
                    .completeOnTimeout("", deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (!first.isEmpty()) {
                held.add(session);
                return new LeaseHeartbeat(ActionResult.ok(first), command.getInputStream(), in, () -> ended(session));
            }
            String why = new StreamReader(command.getErrorStream(), readers).all(FINAL_OUTPUT_MILLIS);
            command.join(1, TimeUnit.SECONDS);
            Integer code = command.getExitStatus();
            session.close();
            if (code != null && shell.isRefused(why)) {
                return HeldScript.not(ActionResult.silent(line.at() + ": " + RemoteShell.refusal(why)));
            }
            return HeldScript.not(
                    code == null
                            ? ActionResult.silent(why)
                            : ActionResult.refused(Integer.toString(code), why.strip()));
        } catch (IOException | IllegalStateException lost) {
            return HeldScript.not(ActionResult.silent(line.description(lost)));
        }
    }

    private void ended(Session session) {
        held.remove(session);
        try {
            session.close();
        } catch (IOException | IllegalStateException alreadyGone) {
            return;
        }
    }

    /** Returns a new channel. When the connection is found to be lost nothing was sent yet, so it is opened again and retried. */
    private Session session() throws IOException {
        SSHClient tried = line.client();
        try {
            return tried.startSession();
        } catch (IOException | IllegalStateException lost) {
            line.giveUp(tried);
            return line.client().startSession();
        }
    }

    private static String firstLine(InputStream stream) {
        try {
            StringBuilder line = new StringBuilder();
            for (int c = stream.read(); c >= 0 && c != '\n'; c = stream.read()) {
                line.append((char) c);
            }
            return line.toString();
        } catch (IOException lost) {
            return "";
        }
    }

    @Override
    public void close() {
        held.forEach(this::ended);
        line.close();
    }
}
