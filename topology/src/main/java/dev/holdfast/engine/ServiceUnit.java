package dev.holdfast.engine;

import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Services;
import java.util.Locale;

/**
 * The systemd unit of one server, as declared.
 *
 * @param estate the name of the estate
 * @param pidFile the file to which the server writes its process id
 * @param peers the endpoints of the members that the boot asks before it starts a former primary, separated by spaces; empty
 *     where it asks none
 */
public record ServiceUnit(String estate, Node node, String pidFile, String peers) {

    /** The servers of side-by-side restores are below a directory of this name, and have no services. */
    private static final String RESTORED = "/restored/";

    /** Returns whether the host of the server is asked for services, and the server is one that can have a unit. */
    public boolean isDeclarable() {
        return node.host().isAskedForServices() && !(node.directory() + "/").contains(RESTORED);
    }

    /** Returns the name that is unique on the host; no part but the last contains a dot. */
    public String name() {
        return "holdfast-" + String.join(".", estate, node.cluster(), node.group(), node.name()) + ".service";
    }

    /** Returns the name of the program. */
    String kind() {
        return node.kind().name().toLowerCase(Locale.ROOT);
    }

    String title() {
        return kind() + " " + node.id() + " of the Holdfast estate " + estate;
    }

    String want() {
        return node.host().services() == Services.NONE ? "none" : "systemd";
    }

    /** Returns the script with the values of {@code host/service-files.sh}; the same script where services are not declarable. */
    public Script onto(Script script) {
        return isDeclarable()
                ? script.with("service_unit", name())
                        .with("service_kind", kind())
                        .with("service_title", title())
                        .with("service_want", want())
                        .with("service_peers", peers)
                : script;
    }
}
