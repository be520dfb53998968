package dev.holdfast.cli.command;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.Confirmation;
import dev.holdfast.cli.run.OptionValues;
import dev.holdfast.cli.starter.StarterHosts;
import dev.holdfast.cli.starter.StarterTopology;
import dev.holdfast.cli.starter.StarterTopology.Machine;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code init}: writes the first topology file of an estate. */
@Command(
        name = "init",
        description =
                "Write a commented topology file for your hosts. Contacts no server. At a terminal, asks for missing values.",
        footer = {
            "  holdfast init",
            "  holdfast init --engine mongodb --hosts a1,b1,c1 --zones a,b,c --access ssh",
            "  holdfast init --engine mongodb --shards 2 --hosts a1,b1,c1 --access ssh",
            "  holdfast init --engine postgresql --from-inventory hosts.ini --group db"
        })
public final class InitCommand implements Callable<Integer> {

    /** The database engines. */
    enum EngineName {
        mongodb,
        postgresql
    }

    /** How Holdfast opens a shell on the hosts. */
    enum Access {
        local,
        ssh
    }

    /** The values of {@code environment}. */
    enum Purpose {
        lab,
        staging,
        production
    }

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    HelpOption help;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            defaultValue = "topology.yaml",
            description = "the file to write, or - for standard output (default: ./topology.yaml)")
    Path file;

    @Option(names = "--engine", paramLabel = "ENGINE", description = "mongodb or postgresql")
    EngineName engine;

    @Option(
            names = "--hosts",
            paramLabel = "HOST",
            split = ",",
            description = "the hosts, each NAME or NAME=ADDRESS; the first becomes the primary of PostgreSQL")
    List<String> hosts = new ArrayList<>();

    @Option(names = "--zones", paramLabel = "ZONE", split = ",", description = "the zone of each host, in their order")
    List<String> zones = new ArrayList<>();

    @Option(
            names = "--regions",
            paramLabel = "REGION",
            split = ",",
            description = "the region of each host, in their order; the primary is in the region of the first")
    List<String> regions = new ArrayList<>();

    @Option(
            names = "--shards",
            paramLabel = "N",
            converter = OptionValues.Shards.class,
            description = "MongoDB: a sharded cluster with N shards of three members, instead of a replica set")
    Integer shards;

    @Option(names = "--access", paramLabel = "HOW", description = "local (all hosts are this machine) or ssh")
    Access access;

    @Option(names = "--user", paramLabel = "USER", description = "the SSH user (default: your name on this machine)")
    String user;

    @Option(names = "--key", paramLabel = "FILE", description = "the private key (default: the default keys of SSH)")
    String key;

    @Option(names = "--sudo", description = "the SSH user works as root by sudo (become: sudo)")
    boolean isBySudo;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "shop",
            description = "the estate's name (default: shop)")
    String name;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "orders",
            description = "the cluster's name (default: orders)")
    String cluster;

    @Option(
            names = "--environment",
            paramLabel = "KIND",
            defaultValue = "lab",
            description = "lab, staging or production (default: lab)")
    Purpose environment;

    @Option(
            names = "--from-inventory",
            paramLabel = "FILE",
            description =
                    "take the hosts from an Ansible inventory, in INI or YAML; variables zone and region name both")
    Path inventory;

    @Option(names = "--group", paramLabel = "GROUP", description = "only this group of the inventory (default: all)")
    String group;

    public InitCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        boolean isPrinted = file.toString().equals("-");
        if (!isPrinted && Files.exists(file)) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    file.toString(),
                    "the file exists. Nothing was changed",
                    "name another file with -f FILE, or remove this one first");
        }
        ask();
        List<Machine> machines = machines();
        checkShards(machines.size());
        String text = new StarterTopology(
                        name, cluster, engine.name(), environment.name(), shards == null ? 0 : shards, machines)
                .text();
        List<Problem> errors =
                TopologyFile.check(text).stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "init",
                    errors.stream().map(Problem::what).distinct().collect(Collectors.joining("; "))
                            + ". Nothing was written",
                    errors.get(0).hint());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (isPrinted) {
            out.print(text);
        } else {
            AtomicFile.write(file, text);
            out.println("Written: " + file);
            out.println("Next: holdfast validate -f " + file + ", then holdfast plan -f " + file);
        }
        out.flush();
        return ExitCode.DONE.code();
    }

    /** Asks for what is missing and has no default. */
    private void ask() {
        if (engine == null) {
            engine = value(EngineName.values(), asked("--engine", "Engine (mongodb or postgresql): "), "--engine");
        }
        if (inventory != null) {
            return;
        }
        if (hosts.isEmpty()) {
            hosts = list(asked("--hosts", "Hosts (NAME or NAME=ADDRESS, with commas between them): "));
            zones = zones.isEmpty() ? list(answered("Zone of each host, in their order (empty: none): ")) : zones;
        }
        if (access == null) {
            access = user != null || isBySudo
                    ? Access.ssh
                    : value(Access.values(), asked("--access", "Access (local or ssh): "), "--access");
        }
    }

    private String asked(String option, String question) {
        if (!cliContext.isTerminal()) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "init",
                    option + " is missing and there is no terminal to ask at",
                    "holdfast init --engine " + (engine == null ? EngineName.postgresql : engine)
                            + " --hosts db1=10.0.0.11,db2=10.0.0.12,db3=10.0.0.13 --access ssh");
        }
        return answered(question);
    }

    private String answered(String question) {
        return Confirmation.answer(
                cliContext,
                spec,
                question,
                new HoldfastException(
                        ExitCode.USAGE, "init", "there is no terminal to ask at", "holdfast init --help"));
    }

    private static <E extends Enum<E>> E value(E[] values, String word, String option) {
        for (E value : values) {
            if (value.name().equalsIgnoreCase(word)) {
                return value;
            }
        }
        throw new HoldfastException(ExitCode.USAGE, option, "\"" + word + "\" is unknown", "one of " + List.of(values));
    }

    private static List<String> list(String answer) {
        return List.of(answer.split("[,\\s]+")).stream()
                .filter(w -> !w.isEmpty())
                .toList();
    }

    private List<Machine> machines() {
        if (inventory != null && !hosts.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.USAGE, "--hosts", "--from-inventory already names the hosts", "give one of both options");
        }
        StarterHosts read =
                new StarterHosts(access == Access.local, Optional.ofNullable(user), Optional.ofNullable(key), isBySudo);
        List<Machine> machines = inventory == null ? read.of(hosts) : read.of(inventory, group == null ? "all" : group);
        checkCount("zone", zones, machines);
        checkCount("region", regions, machines);
        List<Machine> placed = new ArrayList<>();
        for (Machine machine : machines) {
            int i = placed.size();
            placed.add(new Machine(
                    machine.name(),
                    machine.address(),
                    zones.isEmpty() ? machine.zone() : Optional.of(zones.get(i)),
                    regions.isEmpty() ? machine.region() : Optional.of(regions.get(i)),
                    machine.ssh()));
        }
        return placed;
    }

    private static void checkCount(String what, List<String> given, List<Machine> machines) {
        if (!given.isEmpty() && given.size() != machines.size()) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--" + what + "s",
                    "there are " + machines.size() + " hosts and " + given.size() + " " + what + "s",
                    "give the " + what + " of each host, in the order of the hosts");
        }
    }

    private void checkShards(int hosts) {
        if (shards == null) {
            return;
        }
        if (engine != EngineName.mongodb) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--shards",
                    "only MongoDB has shards",
                    "leave --shards out, or give --engine mongodb");
        }
        if (hosts < 3) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--shards",
                    "a sharded cluster needs at least 3 hosts, and there are " + hosts,
                    "name more hosts, or leave --shards out for a replica set");
        }
    }
}
