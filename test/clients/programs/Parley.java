import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Java's HttpClient as it comes, without any package: it offers HTTP/2 (h2c) with its first request.
 * Prints a line for each answer.
 */
public class Parley {
  static final String URL = System.getenv("PARLEY_URL");
  static final String TOKEN = System.getenv("PARLEY_TOKEN");
  static final String ID = System.getenv("PARLEY_CONVERSATION");

  public static void main(String[] arguments) throws Exception {
    System.out.println("java " + System.getProperty("java.version"));
    HttpClient client = HttpClient.newHttpClient();
    String me = body("{ me { id } }");
    show("query", client.send(post(BodyPublishers.ofString(me)), BodyHandlers.ofString()));
    show("query again", client.send(post(BodyPublishers.ofString(me)), BodyHandlers.ofString()));
    show("query by GET", client.send(get("{ me { id } }"), BodyHandlers.ofString()));
    show("mutation", client.send(post(BodyPublishers.ofString(send("by Java"))), BodyHandlers.ofString()));

    String large = body("{ me { id } }" + " ".repeat(150_000));
    show("150 kB", client.send(post(BodyPublishers.ofString(large)), BodyHandlers.ofString()));
    byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
    BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    show("150 kB in chunks", client.send(post(chunked), BodyHandlers.ofString()));
    show("a fresh client in chunks", HttpClient.newHttpClient().send(
        post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))), BodyHandlers.ofString()));
    show("expect 100-continue", HttpClient.newHttpClient().send(
        builder().expectContinue(true).POST(BodyPublishers.ofString(me)).build(), BodyHandlers.ofString()));

    List<CompletableFuture<HttpResponse<String>>> many = new ArrayList<>();
    HttpClient fresh = HttpClient.newHttpClient();
    for (int count = 0; count < 20; count++)
      many.add(fresh.sendAsync(post(BodyPublishers.ofString(me)), BodyHandlers.ofString()));
    long answered = 0;
    for (CompletableFuture<HttpResponse<String>> one : many)
      if (one.get(30, TimeUnit.SECONDS).statusCode() == 200) answered++;
    System.out.println("20 at once: " + answered);

    HttpClient old = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    show("HTTP/1.1", old.send(post(BodyPublishers.ofString(me)), BodyHandlers.ofString()));
    System.out.println("subscription: " + subscribe(client).get(30, TimeUnit.SECONDS));
  }

  static HttpRequest.Builder builder() {
    return HttpRequest.newBuilder(URI.create(URL))
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + TOKEN);
  }

  static HttpRequest post(BodyPublisher publisher) {
    return builder().POST(publisher).build();
  }

  static HttpRequest get(String query) {
    URI uri = URI.create(URL + "?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + TOKEN).build();
  }

  static String body(String query) {
    return "{\"query\":\"" + query.replace("\"", "\\\"") + "\"}";
  }

  static String send(String content) {
    return body("mutation { sendMessage(input: { conversationId: \"" + ID + "\", content: \""
        + content + "\" }) { message { sequence } } }");
  }

  static void show(String name, HttpResponse<String> response) {
    System.out.println(name + ": " + response.version() + " " + response.statusCode() + " "
        + response.body().trim());
  }

  /** Completes with the first event of the conversation. */
  static CompletableFuture<String> subscribe(HttpClient client) {
    CompletableFuture<String> event = new CompletableFuture<>();
    StringBuilder text = new StringBuilder();
    WebSocket.Listener listener = new WebSocket.Listener() {
      @Override
      public void onOpen(WebSocket socket) {
        socket.sendText("{\"type\":\"connection_init\",\"payload\":{\"token\":\"" + TOKEN + "\"}}", true);
        socket.request(1);
      }

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
        text.append(data);
        socket.request(1);
        if (!isLast) return null;
        String frame = text.toString();
        text.setLength(0);
        if (frame.contains("\"connection_ack\"")) {
          String query = "subscription { messageAdded(conversationId: \\\"" + ID
              + "\\\", after: 0) { sequence content } }";
          return socket.sendText("{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":\""
              + query + "\"}}", true);
        }
        if (frame.contains("\"ping\"")) return socket.sendText("{\"type\":\"pong\"}", true);
        event.complete(frame);
        return socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
      }

      @Override
      public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        event.complete("closed " + code + " " + reason);
        return null;
      }

      @Override
      public void onError(WebSocket socket, Throwable error) {
        event.completeExceptionally(error);
      }
    };
    client.newWebSocketBuilder()
        .subprotocols("graphql-transport-ws")
        .buildAsync(URI.create(URL.replaceFirst("^http", "ws")), listener)
        .exceptionally(error -> {
          event.completeExceptionally(error);
          return null;
        });
    return event;
  }
}
