package sutra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.connectors.ConnectorPortRegister;
import org.neo4j.configuration.connectors.ConnectorType;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.QueryExecutionException;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/**
 * A Neo4j server for tests: {@code Launcher HOME}, with its settings in {@code HOME/conf/neo4j.conf}.
 *
 * <p>The first line of standard input is the password of the user neo4j. Once Bolt answers, one line
 * {@code ready PORT} goes to standard output. It stops at the end of standard input or at SIGTERM.
 */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] args) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String password = input.readLine();
        if (args.length != 1 || password == null) {
            System.err.println("Launcher HOME, and the password on standard input");
            System.exit(2);
        }
        // What goes wrong ends the server, whose threads would keep it alive.
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, error) -> {
                    error.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
        Path home = Path.of(args[0]);
        var dbms =
                new DatabaseManagementServiceBuilder(home)
                        .loadPropertiesFromFile(home.resolve("conf/neo4j.conf"))
                        .build();
        Runtime.getRuntime().addShutdownHook(new Thread(dbms::shutdown));
        setPassword(dbms, password);
        var database = (GraphDatabaseAPI) dbms.database("neo4j");
        var ports = database.getDependencyResolver().resolveDependency(ConnectorPortRegister.class);
        System.out.println("ready " + ports.getLocalAddress(ConnectorType.BOLT).getPort());
        while (input.readLine() != null) {
            // What comes after the password means nothing; its end is the end of the server.
        }
        System.exit(0);
    }

    private static void setPassword(DatabaseManagementService dbms, String password) {
        try {
            dbms.database("system")
                    .executeTransactionally(
                            "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED",
                            Map.of("password", password));
        } catch (QueryExecutionException error) {
            // It is that already, from an earlier start on this home.
            if (!error.getMessage().contains("cannot be the same")) {
                throw error;
            }
        }
    }
}
