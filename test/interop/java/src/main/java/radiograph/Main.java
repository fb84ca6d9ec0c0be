package radiograph;

import com.amazonaws.xray.AWSXRay;
import com.amazonaws.xray.AWSXRayRecorderBuilder;
import com.amazonaws.xray.entities.Segment;
import com.amazonaws.xray.entities.Subsegment;
import com.amazonaws.xray.proxies.apache.http.HttpClientBuilder;
import com.amazonaws.xray.sql.TracingConnection;
import com.amazonaws.xray.strategy.sampling.AllSamplingStrategy;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

/**
 * A program traced by the X-Ray SDK for Java. It sends to AWS_XRAY_DAEMON_ADDRESS and prints what it traced as one line
 * of JSON; scripts/interop/java.mjs reads the traces back.
 */
public final class Main {
    /** More than 100 subsegments are streamed ahead of their segment. */
    private static final int STEPS = 120;

    public static void main(String[] arguments) throws Exception {
        List<String> told = new ArrayList<>();
        told.add(member("central", centralSampling()));
        AWSXRay.setGlobalRecorder(
                AWSXRayRecorderBuilder.standard().withSamplingStrategy(new AllSamplingStrategy()).build());
        told.add(member("nested", nested()));
        told.add(member("http", httpCalls()));
        told.add(member("sql", sqlCalls()));
        told.add(member("streamed", streamed()));
        Thread.sleep(500);
        System.out.println("{" + String.join(",", told) + "}");
        // The SDK's pollers must not hold the program open.
        System.exit(0);
    }

    /** The SDK's default: rules from TCP of the daemon's address, and its own until they are there. Waits for them. */
    private static String centralSampling() throws InterruptedException {
        String rule = "";
        Segment segment = null;
        for (int attempt = 0; attempt < 10 && rule.isEmpty(); attempt++) {
            // One a second is sampled whatever the rate.
            if (attempt > 0) Thread.sleep(1100);
            segment = AWSXRay.beginSegmentWithSampling("java-central");
            Object xray = segment.getAws().get("xray");
            Object name = xray instanceof Map ? ((Map<?, ?>) xray).get("rule_name") : null;
            if (segment.isSampled() && name != null) rule = name.toString();
            AWSXRay.endSegment();
        }
        return ids(segment, "rule", rule, "sampled", String.valueOf(segment.isSampled()));
    }

    /** Annotations, metadata, a user, and an error with its cause. */
    private static String nested() {
        Segment segment = AWSXRay.beginSegment("java-shop");
        segment.setUser("alice");
        segment.putAnnotation("early", true);
        Subsegment outer = AWSXRay.beginSubsegment("outer");
        outer.putAnnotation("order", 1234);
        outer.putMetadata("shop", "basket", Map.of("items", List.of(1, 2, 3)));
        Subsegment inner = AWSXRay.beginSubsegment("inner");
        inner.addException(new IllegalStateException("no such item", new IllegalArgumentException("negative")));
        AWSXRay.endSubsegment();
        AWSXRay.endSubsegment();
        AWSXRay.endSegment();
        return ids(segment, "outer", outer.getId(), "inner", inner.getId());
    }

    /** Calls through the instrumented HTTP client of Apache: an answer, and an error. */
    private static String httpCalls() throws Exception {
        HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(status, 1);
            exchange.getResponseBody().write('7');
            exchange.close();
        });
        backend.start();
        String url = "http://127.0.0.1:" + backend.getAddress().getPort();
        Segment segment = AWSXRay.beginSegment("java-http");
        try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
            for (String path : List.of("/200", "/404")) {
                try (CloseableHttpResponse response = client.execute(new HttpGet(url + path))) {
                    EntityUtils.consume(response.getEntity());
                }
            }
        }
        AWSXRay.endSegment();
        backend.stop(0);
        return ids(segment, "url", url);
    }

    /** A query that is answered, and one that fails. */
    private static String sqlCalls() throws SQLException {
        Segment segment = AWSXRay.beginSegment("java-sql");
        String failed = "";
        try (Connection connection = TracingConnection.decorate(DriverManager.getConnection("jdbc:h2:mem:orders", "shop", ""));
                Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 42").close();
            try {
                statement.executeQuery("SELECT * FROM missing");
            } catch (SQLException error) {
                failed = error.getSQLState();
            }
        }
        AWSXRay.endSegment();
        return ids(segment, "failed", failed);
    }

    private static String streamed() {
        Segment segment = AWSXRay.beginSegment("java-streaming");
        for (int index = 0; index < STEPS; index++) {
            AWSXRay.beginSubsegment("step " + index);
            AWSXRay.endSubsegment();
        }
        AWSXRay.endSegment();
        return ids(segment, "count", String.valueOf(STEPS));
    }

    private static String ids(Segment segment, String... more) {
        List<String> members = new ArrayList<>();
        members.add(member("traceId", quoted(segment.getTraceId().toString())));
        members.add(member("id", quoted(segment.getId())));
        for (int index = 0; index < more.length; index += 2) members.add(member(more[index], quoted(more[index + 1])));
        return "{" + String.join(",", members) + "}";
    }

    private static String member(String key, String json) {
        return quoted(key) + ":" + json;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private Main() {}
}
