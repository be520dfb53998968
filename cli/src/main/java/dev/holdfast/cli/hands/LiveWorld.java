package dev.holdfast.cli.hands;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Reach;
import dev.holdfast.model.Trouble;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
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

/** The real world: shells on hosts, database drivers, the clock. No answer takes longer than its deadline and a moment. */
public final class LiveWorld implements World, AutoCloseable {

    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final int CONNECT_MILLIS = 2000;

    /** Answered when a secret that is needed is not to be had; see {@link Secrets}. */
    public static final String NO_SECRET = "NO_SECRET";

    /** Drivers log through this; what they have to say comes as answers. Unreferenced it might be collected, and its level with it. */
    private static final Logger DRIVERS = Logger.getLogger("");

    private final Secrets secrets;
    private final Words words;
    private final MongoSession mongo;
    private final PostgresSession postgres;
    private final Map<String, String> environment;
    private final boolean mayChange;
    private final Semaphore room;
    private final Map<Machine, Shell> shells = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "holdfast-world");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param mayChange false refuses every action that changes something
     * @param parallelism how many things may be asked at once
     */
    public LiveWorld(Secrets secrets, Map<String, String> environment, boolean mayChange, int parallelism) {
        DRIVERS.setLevel(Level.OFF);
        this.secrets = secrets;
        this.environment = environment;
        this.mayChange = mayChange;
        this.words = new Words(secrets);
        this.mongo = new MongoSession(secrets);
        this.postgres = new PostgresSession(secrets);
        this.room = new Semaphore(parallelism);
    }

    @Override
    public Answer ask(Action action) {
        if (!mayChange && action.intent() == Action.Intent.CHANGE) {
            throw new IllegalStateException("a reading command was about to change something: " + action.script());
        }
        room.acquireUninterruptibly();
        try {
            return hidden(bounded(action));
        } finally {
            room.release();
        }
    }

    private Answer bounded(Action action) {
        CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> done(action), threads);
        try {
            return asked.get(action.deadline().plus(MOMENT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return Answer.silent("no answer within " + action.deadline().toMillis() + " ms");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Answer.silent("interrupted");
        } catch (java.util.concurrent.ExecutionException broken) {
            throw unwrapped(broken.getCause());
        }
    }

    private Answer done(Action action) {
        try {
            if (action instanceof Action.Exec exec) {
                return shell(exec.host()).run(words.shell(exec.script()), exec.deadline());
            }
            if (action instanceof Action.Write write) {
                String program = words.write(write.script(), write.path(), write.mode(), write.owner());
                return shell(write.host()).run(program, write.deadline());
            }
            if (action instanceof Action.Sql sql) {
                return postgres.run(sql, words.sql(sql.script()));
            }
            if (action instanceof Action.Search search) {
                return OplogSearch.answer(search.folder(), org.bson.Document.parse(words.json(search.script())));
            }
            if (action instanceof Action.Pour pour) {
                return knock(pour.node(), pour.deadline(), false)
                        .orElseGet(() -> mongo.pour(pour, words.json(pour.script())));
            }
            Action.Command command = (Action.Command) action;
            Answer answer = command(command, mongo.isKnown(command));
            boolean isAnother = answer == MongoSession.ENDED && command.intent() == Action.Intent.LOOK;
            return isAnother ? command(command, false) : answer;
        } catch (Trouble noSecret) {
            Answer refused = Answer.refused(NO_SECRET, noSecret.where() + ": " + noSecret.getMessage());
            // that there is no server can be said without it
            return action instanceof Action.Sql sql
                    ? knock(sql.node(), sql.deadline(), false).orElse(refused)
                    : refused;
        }
    }

    private Answer command(Action.Command command, boolean isKnown) {
        return knock(command.node(), command.deadline(), isKnown)
                .orElseGet(() -> mongo.run(command, words.json(command.script())));
    }

    /**
     * MongoDB's driver waits for a server that is not there; a plain connection attempt says so at once. PostgreSQL's says so
     * itself, and every connection to that server is a process of its own.
     *
     * @param isKnown a connection is held, which tells by itself when the server has gone
     */
    private static Optional<Answer> knock(Node node, Duration deadline, boolean isKnown) {
        if (isKnown) {
            return Optional.empty();
        }
        String address = node.host().address();
        int port = node.port();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) Math.min(CONNECT_MILLIS, deadline.toMillis()));
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(Answer.silent(address + ":" + port + ": " + refused.getMessage()));
        }
    }

    private Answer hidden(Answer answer) {
        return new Answer(answer.outcome(), answer.code(), secrets.hide(answer.text()), answer.rows());
    }

    /** One machine by one way to it; local hosts are one machine. */
    private record Machine(String address, Reach reach) {}

    private Shell shell(Host host) {
        String address = host.reach() instanceof Reach.Ssh ? host.address() : "";
        return shells.computeIfAbsent(
                new Machine(address, host.reach()),
                m -> m.reach() instanceof Reach.Ssh ssh
                        ? new SshShell(m.address(), ssh, threads)
                        : new LocalShell(environment, threads));
    }

    /** Starts a script that stays until this world is closed or the CLI ends; see {@link Shell#hold}. */
    Held hold(Host host, Script script, Duration deadline) {
        return shell(host).hold(words.held(script), deadline);
    }

    /** Whether a host is reached by a line that may be cut without either end noticing. */
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
        shells.values().forEach(Shell::close);
        threads.shutdownNow();
    }
}
