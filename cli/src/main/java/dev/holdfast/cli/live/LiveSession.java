package dev.holdfast.cli.live;

import dev.holdfast.backup.OplogArchiver;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.load.LiveLoadGenerator;
import dev.holdfast.cli.oplog.LiveOplogArchiver;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The live execution context of one estate, with its lock. */
public final class LiveSession implements CliContext.Session {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final LiveExecutionContext live;
    private final EstateLock locks;
    private final SecretStore secrets;
    private final ExecutionContext context;

    public LiveSession(Topology topology, LiveExecutionContext live, SecretStore secrets, Optional<Ledger> ledger) {
        this.secrets = secrets;
        this.live = live;
        this.locks = new EstateLock(topology, live);
        this.context = ledger.<ExecutionContext>map(l -> new AuditedExecutionContext(new LockGuard(live, locks), l))
                .orElse(live);
    }

    @Override
    public ExecutionContext context() {
        return context;
    }

    @Override
    public List<CliContext.UnreachableHost> lock(String command) {
        return locks.take(command);
    }

    @Override
    public String reveal(SecretRef secret) {
        return secrets.value(secret);
    }

    @Override
    public LoadGenerator loadGenerator(Path folder) throws IOException {
        return new LiveLoadGenerator(secrets, folder);
    }

    @Override
    public OplogArchiver oplogArchiver() {
        return new LiveOplogArchiver(secrets);
    }

    @Override
    public void vacate() {
        locks.places()
                .forEach(h -> context.ask(new Action.RunScript(
                        h, Script.of("host/vacate.sh").with("directory", h.directory()), Action.Access.CHANGE, SOON)));
    }

    @Override
    public void close() {
        live.close();
    }
}
