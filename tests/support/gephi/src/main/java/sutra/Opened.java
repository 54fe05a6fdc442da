package sutra;

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.gephi.graph.api.Column;
import org.gephi.graph.api.Edge;
import org.gephi.graph.api.Element;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.graph.api.Interval;
import org.gephi.graph.api.Node;
import org.gephi.graph.api.types.IntervalSet;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.importer.api.Issue;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.gephi.project.api.Workspace;
import org.openide.util.Lookup;

/** Opens each file as Gephi does when one chooses File, Open, and prints what is there then as JSON. */
public final class Opened {

    private Opened() {}

    public static void main(String[] files) throws Exception {
        // Whatever Gephi itself says must not stand among the lines.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        for (String file : files) {
            out.println(opened(new File(file)));
        }
        System.exit(0);
    }

    private static String opened(File file) throws Exception {
        ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
        projects.newProject();
        Workspace workspace = projects.getCurrentWorkspace();
        ImportController importer = Lookup.getDefault().lookup(ImportController.class);
        Container container = importer.importFile(file);
        if (container == null) {
            throw new IllegalArgumentException("no importer reads " + file);
        }
        // Places as the file has them: Gephi would fit them to a size of its own.
        container.getLoader().setAutoScale(false);
        List<String> issues = new ArrayList<>();
        for (Issue issue : container.getReport().getIssuesList(1000)) {
            issues.add(text(issue.getLevel() + ": " + issue.getMessage()));
        }
        importer.process(container, new DefaultProcessor(), workspace);
        GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel(workspace);
        Graph graph = model.getGraph();
        List<String> nodes = new ArrayList<>();
        for (Node node : graph.getNodes()) {
            nodes.add(object(
                    "id", text(node.getId()), "label", text(node.getLabel()),
                    "x", number(node.x()), "y", number(node.y()), "size", number(node.size()),
                    "red", number(node.r()), "green", number(node.g()), "blue", number(node.b()),
                    "data", data(node)));
        }
        List<String> edges = new ArrayList<>();
        for (Edge edge : graph.getEdges()) {
            edges.add(object(
                    "id", text(edge.getId()), "label", text(edge.getLabel()),
                    "source", text(edge.getSource().getId()), "target", text(edge.getTarget().getId()),
                    "directed", String.valueOf(edge.isDirected()),
                    "kind", text(edge.getTypeLabel()), "weight", number(edge.getWeight()),
                    "days", days(edge), "data", data(edge)));
        }
        String found = object(
                "nodes", list(nodes), "edges", list(edges), "issues", list(issues),
                "dynamic", String.valueOf(model.isDynamic()),
                "time", text(String.valueOf(model.getTimeFormat())));
        projects.closeCurrentProject();
        return found;
    }

    /** The days at which the edge is there, as Gephi's timeline has them: pairs of numbers. */
    private static String days(Edge edge) {
        Object value = edge.getAttribute("timeset");
        if (!(value instanceof IntervalSet)) {
            return "null";
        }
        List<String> found = new ArrayList<>();
        for (Interval interval : ((IntervalSet) value).toArray()) {
            found.add("[" + number(interval.getLow()) + "," + number(interval.getHigh()) + "]");
        }
        return list(found);
    }

    private static String data(Element element) {
        List<String> parts = new ArrayList<>();
        for (Column column : element.getTable()) {
            Object value = element.getAttribute(column);
            if (value != null && !column.isProperty()) {
                parts.add(column.getTitle());
                parts.add(value instanceof Boolean ? value.toString()
                        : value instanceof Number ? number(((Number) value).doubleValue())
                        : text(value));
            }
        }
        return object(parts.toArray(new String[0]));
    }

    // --- JSON ----------------------------------------------------------------------------------

    private static String object(String... parts) {
        List<String> found = new ArrayList<>();
        for (int place = 0; place < parts.length; place += 2) {
            found.add(text(parts[place]) + ":" + parts[place + 1]);
        }
        return "{" + String.join(",", found) + "}";
    }

    private static String list(List<String> parts) {
        return "[" + String.join(",", parts) + "]";
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.valueOf(value) : "null";
    }

    private static String text(Object value) {
        if (value == null) {
            return "null";
        }
        return value.toString().chars()
                .mapToObj(c -> c >= ' ' && c < 127 && c != '"' && c != '\\'
                        ? String.valueOf((char) c) : String.format("\\u%04x", c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
