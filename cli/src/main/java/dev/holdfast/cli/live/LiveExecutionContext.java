package dev.holdfast.cli.live;

import dev.holdfast.cli.database.MongoConnections;
import dev.holdfast.cli.database.PostgresConnections;
import dev.holdfast.cli.exec.CommandRunner;
import dev.holdfast.cli.exec.HeldScript;
import dev.holdfast.cli.exec.LocalCommandRunner;
import dev.holdfast.cli.exec.ProbeBatcher;
import dev.holdfast.cli.exec.ScriptOutput;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.exec.SshAccess;
import dev.holdfast.cli.exec.SshCommandRunner;
import dev.holdfast.cli.oplog.OplogSearch;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs actions through shells and database drivers. Every action returns within its deadline plus 500 ms. */
public final class LiveExecutionContext implements ExecutionContext, AutoCloseable {

    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final int CONNECT_MILLIS = 2000;
    private static final Duration LONGEST_JOINT = Duration.ofSeconds(20);

    /** The logger of the drivers; their messages arrive as results. Without this reference its level could be lost to collection. */
    private static final Logger DRIVERS = Logger.getLogger("");

    private final SecretStore secrets;
    /** Renders changes, which can create what a secret is for. */
    private final ScriptRenderer words;
    /** Renders observations, for which no secret is generated. */
    private final ScriptRenderer questions;

    private final MongoConnections mongo;
    private final PostgresConnections postgres;
    private final Map<String, String> environment;
    private final SshAccess access;
    private final boolean mayChange;
    private final Semaphore permits;
    private final Map<Machine, CommandRunner> shells = new ConcurrentHashMap<>();
    private final Map<Joint, ProbeBatcher> joints = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "holdfast-world");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param mayChange false refuses every action that changes something
     * @param parallelism how many actions run at the same time
     */
    public LiveExecutionContext(
            SecretStore secrets, Map<String, String> environment, boolean mayChange, int parallelism) {
        DRIVERS.setLevel(Level.OFF);
        this.secrets = secrets;
        this.environment = environment;
        this.access = new SshAccess(environment);
        this.mayChange = mayChange;
        this.words = new ScriptRenderer(secrets);
        this.questions = new ScriptRenderer(secrets.known());
        this.mongo = new MongoConnections(secrets.known());
        this.postgres = new PostgresConnections(secrets.known());
        this.permits = new Semaphore(parallelism);
    }

    @Override
    public ActionResult ask(Action action) {
        if (!mayChange && action.intent() == Action.Access.CHANGE) {
            throw new IllegalStateException("a command that only observes requested a change: " + action.script());
        }
        if (action instanceof Action.RunScript exec && isJoint(exec)) {
            return ScriptOutput.parsed(hidden(joint(exec)));
        }
        permits.acquireUninterruptibly();
        try {
            ActionResult answer = hidden(bounded(() -> done(action), action.deadline()));
            return action instanceof Action.RunScript ? ScriptOutput.parsed(answer) : answer;
        } finally {
            permits.release();
        }
    }

    /** Whether a probe can be sent together with others: a short probe of a remote host. */
    private boolean isJoint(Action.RunScript exec) {
        return exec.intent() == Action.Access.LOOK
                && exec.deadline().compareTo(LONGEST_JOINT) <= 0
                && shell(exec.host()).isFar();
    }

    /** The first caller sends the probes of all callers that ask the same host at the same time. */
    private ActionResult joint(Action.RunScript exec) {
        String program;
        try {
            program = questions.shell(exec.script());
        } catch (HoldfastException noSecret) {
            return ActionResult.withoutSecret(noSecret.where() + ": " + noSecret.getMessage(), noSecret.hint());
        }
        ProbeBatcher batcher = joints.computeIfAbsent(
                new Joint(shell(exec.host()), exec.deadline()), j -> new ProbeBatcher(j.shell(), j.limit()));
        ProbeBatcher.BatchedProbe batched = batcher.join(program);
        if (batched.isFirst()) {
            permits.acquireUninterruptibly();
            try {
                ActionResult sent = bounded(
                        () -> {
                            batcher.send(batched.batch());
                            return ActionResult.ok("");
                        },
                        exec.deadline());
                batcher.giveUp(batched.batch(), sent);
            } finally {
                permits.release();
            }
        }
        try {
            return batched.answer();
        } catch (CompletionException broken) {
            throw unwrapped(broken.getCause());
        }
    }

    private ActionResult bounded(Supplier<ActionResult> question, Duration deadline) {
        CompletableFuture<ActionResult> asked = CompletableFuture.supplyAsync(question, threads);
        try {
            return asked.get(deadline.plus(MOMENT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return ActionResult.silent("no answer within " + deadline.toMillis() + " ms");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return ActionResult.silent("interrupted");
        } catch (java.util.concurrent.ExecutionException broken) {
            throw unwrapped(broken.getCause());
        }
    }

    private ScriptRenderer renderer(Action action) {
        return action.intent() == Action.Access.CHANGE ? words : questions;
    }

    private ActionResult done(Action action) {
        ScriptRenderer renderer = renderer(action);
        try {
            if (action instanceof Action.RunScript exec) {
                return shell(exec.host()).run(renderer.shell(exec.script()), exec.deadline());
            }
            if (action instanceof Action.WriteFile write) {
                String program = renderer.write(write.script(), write.path(), write.mode(), write.owner());
                return shell(write.host()).run(program, write.deadline());
            }
            if (action instanceof Action.RunSql sql) {
                return postgres.run(sql, renderer.sql(sql.script()));
            }
            if (action instanceof Action.SearchOplogArchive search) {
                return OplogSearch.answer(search.folder(), org.bson.Document.parse(renderer.json(search.script())));
            }
            if (action instanceof Action.LoadOplog load) {
                return probePort(load.node(), load.deadline(), false)
                        .orElseGet(() -> mongo.loadOplog(load, renderer.json(load.script())));
            }
            Action.RunDocumentCommand command = (Action.RunDocumentCommand) action;
            ActionResult answer = command(command, mongo.isKnown(command));
            boolean isAnother = answer == MongoConnections.ENDED && command.intent() == Action.Access.LOOK;
            return isAnother ? command(command, false) : answer;
        } catch (HoldfastException noSecret) {
            ActionResult refused =
                    ActionResult.withoutSecret(noSecret.where() + ": " + noSecret.getMessage(), noSecret.hint());
            // a missing server is reported without the secret
            return action instanceof Action.RunSql sql
                    ? probePort(sql.node(), sql.deadline(), false).orElse(refused)
                    : refused;
        }
    }

    private ActionResult command(Action.RunDocumentCommand command, boolean isKnown) {
        return probePort(command.node(), command.deadline(), isKnown)
                .orElseGet(() -> mongo.run(command, renderer(command).json(command.script())));
    }

    /**
     * MongoDB's driver waits for a server that is missing, so a plain connection attempt comes first. PostgreSQL's driver
     * reports a missing server itself, and every connection to that server costs a process.
     *
     * @param isKnown whether a connection is open, which itself shows that the server has gone
     */
    private static Optional<ActionResult> probePort(Node node, Duration deadline, boolean isKnown) {
        if (isKnown) {
            return Optional.empty();
        }
        String address = node.host().address();
        int port = node.port();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) Math.min(CONNECT_MILLIS, deadline.toMillis()));
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(ActionResult.silent(address + ":" + port + ": " + refused.getMessage()));
        }
    }

    private ActionResult hidden(ActionResult answer) {
        String text = PrintableText.of(answer.text());
        return new ActionResult(
                answer.outcome(),
                answer.code(),
                answer.isOk() ? secrets.hideLong(text) : secrets.hide(text),
                answer.rows());
    }

    /** One machine by one way to reach it; all local hosts are one machine. */
    private record Machine(String address, HostAccess reach) {}

    /** Where a batch of probes runs, and its time limit. */
    private record Joint(CommandRunner shell, Duration limit) {}

    private CommandRunner shell(Host host) {
        String address = host.reach() instanceof HostAccess.Ssh ? host.address() : "";
        return shells.computeIfAbsent(
                new Machine(address, host.reach()),
                m -> m.reach() instanceof HostAccess.Ssh ssh
                        ? new SshCommandRunner(m.address(), ssh, access, threads)
                        : new LocalCommandRunner(environment, threads));
    }

    /** Starts a script that runs until this context is closed or the CLI ends; see {@link CommandRunner#hold}. */
    public HeldScript hold(Host host, Script script, Duration deadline) {
        return shell(host).hold(words.held(script), deadline);
    }

    /** Whether a host is reached over a connection that can be cut without either end noticing. */
    boolean isFar(Host host) {
        return shell(host).isFar();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void pause(Duration howLong) {
        try {
            TimeUnit.NANOSECONDS.sleep(howLong.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public <T> List<T> sideBySide(List<Supplier<T>> all) {
        if (all.size() == 1) {
            return List.of(all.get(0).get());
        }
        List<CompletableFuture<T>> started =
                all.stream().map(s -> CompletableFuture.supplyAsync(s, threads)).toList();
        try {
            return started.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException broken) {
            throw unwrapped(broken.getCause());
        }
    }

    private static RuntimeException unwrapped(Throwable cause) {
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        mongo.close();
        postgres.close();
        shells.values().forEach(CommandRunner::close);
        access.close();
        threads.shutdownNow();
    }
}
