package dev.holdfast.cli.metrics;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The address of an HTTP endpoint.
 *
 * @param host a name or address; an IPv6 address without brackets
 */
public record ListenAddress(String host, int port) {

    /** The address that the generated scrape configuration names. */
    public static final ListenAddress DEFAULT = new ListenAddress("127.0.0.1", 9847);

    private static final Pattern FORM = Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]\\s]*):)?([0-9]{1,5})");
    private static final int LAST_PORT = 65_535;

    /** Parses HOST:PORT, :PORT and PORT; without a host, the endpoint listens on the loopback address. */
    public static final class Parser implements ITypeConverter<ListenAddress> {
        @Override
        public ListenAddress convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()
                    || Integer.parseInt(form.group(2)) > LAST_PORT
                    || Integer.parseInt(form.group(2)) == 0) {
                throw new TypeConversionException("'" + text
                        + "' is not an address to listen on; write HOST:PORT with a port from 1 to 65535, such as "
                        + DEFAULT);
            }
            String host = form.group(1) == null || form.group(1).isEmpty() ? DEFAULT.host() : form.group(1);
            return new ListenAddress(host.replaceAll("[\\[\\]]", ""), Integer.parseInt(form.group(2)));
        }
    }

    InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
