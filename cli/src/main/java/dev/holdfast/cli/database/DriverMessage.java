package dev.holdfast.cli.database;

import com.mongodb.MongoException;
import com.mongodb.MongoTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The message of an exception of MongoDB's driver, without class names and without the driver's own state. */
final class DriverMessage {

    /** How the driver prints the exception of a server inside its description of the cluster. */
    private static final Pattern NESTED = Pattern.compile("\\{(?:[a-z]+\\.)+[A-Z]\\w*: ");

    private DriverMessage() {}

    static String of(MongoException failed) {
        String message = String.valueOf(failed.getMessage());
        return failed instanceof MongoTimeoutException ? timeout(message) : message;
    }

    private static String timeout(String message) {
        Matcher nested = NESTED.matcher(message);
        int begin = -1;
        while (nested.find()) {
            begin = nested.end();
        }
        String late = "the server did not answer in time";
        return begin < 0
                ? late
                : late + ": " + message.substring(begin).replaceFirst("(?s)(\\}|\\. The full response is ).*", "");
    }
}
