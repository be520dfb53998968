package dev.holdfast.mongodb;

import dev.holdfast.execution.Script;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pretend mongod or mongos in its directory: what its files say, whether it runs, and in which set it is. */
public final class FakeServer {

    private static final Pattern PAIR = Pattern.compile("\"([^\"]+)\": (\"[^\"]*\"|[^,}\\s]+)");

    public final String directory;
    public final String mark;
    final boolean router;
    public String endpoint;
    /** The program file that it runs. */
    public String program;

    /** The operating system user that it runs as, where that is not the desired one; empty otherwise. */
    public String user = "";

    /** Its version, where it is not that of all; empty otherwise. */
    public String version = "";

    public final Object keyfile;
    public String mode = "600";
    /** What ground.sh says of its data directory. */
    public String data = "there";

    String made = "directoryPerDB=0 directoryForIndexes=0";
    /** Seconds since 1970 when its data was created, and when its journal was last written; 0 for unknown. */
    public long born;

    public long written;
    public boolean up;
    /** How often it still reports the feature compatibility version 8.0, which its primary has left. */
    int oldCompatibility;

    public boolean frozen;
    /** Why it cannot continue with its data, as its log says; empty if it can. */
    public String broken = "";
    /** Why its host says that its process cannot answer; empty if it says nothing. */
    public String trouble = "";
    /** Why a failover has left it behind; empty without a fence. */
    public String fence = "";

    public FakeSet set;
    private Map<String, Object> options;
    private long oplogMegabytes;
    public final Map<String, Object> parameters = new LinkedHashMap<>();

    /** Made by start.sh, of the very values that it was spoken with. */
    FakeServer(Map<String, Object> values) {
        directory = (String) values.get("directory");
        mark = (String) values.get("mark");
        router = values.get("program").toString().endsWith("mongos");
        endpoint = values.get("address") + ":" + values.get("port");
        keyfile = values.get("keyfile");
        program = values.get("program").toString();
        options = options((Script) values.get("conf"));
    }

    private FakeServer(FakeServer other) {
        directory = other.directory;
        mark = other.mark;
        router = other.router;
        endpoint = other.endpoint;
        program = other.program;
        keyfile = other.keyfile;
        options = other.options;
        up = other.up;
        parameters.putAll(other.parameters);
    }

    /** Returns the same server, as far as no set is concerned. */
    public FakeServer copy() {
        return new FakeServer(this);
    }

    void start(Map<String, Object> values) {
        options = options((Script) values.get("conf"));
        program = values.get("program").toString();
        user = "";
        endpoint = values.get("address") + ":" + values.get("port");
        up = true;
        data = "there";
    }

    /** Its oplog keeps the size with which it was made, whatever its options say later. */
    public List<Map<String, Object>> oplog() {
        Object declared = options.get("replication") instanceof Map<?, ?> r ? r.get("oplogSizeMB") : null;
        if (oplogMegabytes == 0 && declared != null) {
            oplogMegabytes = Long.parseLong(declared.toString());
        }
        return oplogMegabytes == 0 ? List.of() : List.of(Map.of("options", Map.of("size", oplogMegabytes << 20)));
    }

    void resize(long megabytes) {
        oplogMegabytes = megabytes;
    }

    void configure(Script conf) {
        options = options(conf);
    }

    /** As getCmdLineOpts answers: nested, and parameters as text. */
    public Map<String, Object> parsed() {
        return options;
    }

    private Map<String, Object> options(Script conf) {
        Map<String, Object> values = conf.values();
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("config", directory + "/mongod.conf");
        put(nested, "net.bindIp", plain(values.get("address").toString()));
        put(nested, "net.port", values.get("port"));
        put(nested, "net.unixDomainSocket.pathPrefix", plain(values.get("run").toString()));
        put(nested, "systemLog.destination", "file");
        put(nested, "systemLog.path", plain(values.get("log").toString()));
        put(nested, "systemLog.logAppend", true);
        put(nested, "security.keyFile", plain(values.get("keyfile").toString()));
        put(
                nested,
                "net.compression.compressors",
                plain(values.get("compressors").toString()));
        if (router) {
            put(nested, "sharding.configDB", plain(values.get("config_servers").toString()));
        } else {
            put(nested, "storage.dbPath", plain(values.get("data").toString()));
            put(nested, "replication.replSetName", plain(values.get("set").toString()));
            Matcher lines = PAIR.matcher(values.get("settings").toString());
            while (lines.find()) {
                put(nested, lines.group(1), plain(lines.group(2)));
            }
        }
        parameters.clear();
        Matcher pairs = PAIR.matcher(values.get("parameters").toString());
        while (pairs.find()) {
            put(nested, "setParameter." + pairs.group(1), plain(pairs.group(2)));
            parameters.put(pairs.group(1), plain(pairs.group(2)));
        }
        return nested;
    }

    @SuppressWarnings("unchecked")
    public static void put(Map<String, Object> nested, String key, Object value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            nested.put(key, value);
        } else {
            Object inner = nested.computeIfAbsent(key.substring(0, dot), k -> new LinkedHashMap<String, Object>());
            put((Map<String, Object>) inner, key.substring(dot + 1), value);
        }
    }

    private static String plain(String json) {
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }
}
