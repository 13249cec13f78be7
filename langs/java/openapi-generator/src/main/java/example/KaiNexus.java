package example;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kainexus.ApiClient;
import kainexus.ApiException;
import kainexus.api.ChartsApi;
import kainexus.api.ItemsApi;
import kainexus.api.OAuthApi;
import kainexus.model.ChartImportEntry;
import kainexus.model.Error; // java.lang has an Error too: import this one by its name
import kainexus.model.GrantType;
import kainexus.model.Item;
import kainexus.model.ItemPage;
import kainexus.model.ItemStatus;
import kainexus.model.ItemWrite;
import kainexus.model.LocationRef;
import kainexus.model.PersonRef;
import kainexus.model.WriteOutcome;
import kainexus.model.WriteResult;

/** What the program asks of KaiNexus. */
final class KaiNexus {
  // The sandbox has the list and the Card.
  private static final long ITEM_LIST = 640;
  private static final long CHART_LIST = 655;
  private static final long UNSEEN = 999999; // no item

  record Seen(
      List<Page> pages,
      First first,
      boolean oauthSeesTheSame,
      Created created,
      Read read,
      Forbidden forbidden,
      Workbook workbook,
      Imported imported) {}

  record Page(int offset, int count, int totalCount, List<Long> ids) {}

  record First(
      long id,
      String summary,
      String status,
      String createDate,
      String lastUpdateDate,
      List<String> authors,
      List<String> unknown) {}

  record Created(boolean success, String operation) {}

  record Read(String summary, String status, Object shiftPattern, List<String> unknown) {}

  record Forbidden(int status, String errorCode) {}

  record Workbook(String startsWith) {}

  record Imported(long failures) {}

  private final String base;
  private final String key;
  private final String clientId;
  private final String clientSecret;

  KaiNexus(String base, String key, String clientId, String clientSecret) {
    this.base = base;
    this.key = key;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
  }

  Seen call() throws ApiException, IOException {
    ApiClient withKey = client(basic("api", key));
    ItemsApi items = new ItemsApi(withKey);
    List<Item> listed = new ArrayList<>();
    List<Page> pages = listItems(items, listed);
    First first = describe(listed.get(0));
    List<Page> again = listItems(new ItemsApi(client("Bearer " + requestToken())), new ArrayList<>());

    WriteResult written = createItem(items);
    WriteOutcome outcome = written.getResults().get(0);
    Created created = new Created(written.getSuccess(), outcome.getOperation().getValue());
    Read read = readItem(items, outcome.getId());
    Forbidden forbidden = getUnseenItem(withKey);

    ChartsApi charts = new ChartsApi(withKey);
    // works(binary-download): exportCharts
    File workbook = charts.exportCharts(CHART_LIST);
    return new Seen(
        pages,
        first,
        pages.equals(again),
        created,
        read,
        forbidden,
        new Workbook(firstTwo(workbook)),
        importCharts(charts, workbook));
  }

  /** A client whose requests carry a credential. */
  private ApiClient client(String authorization) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(base);
    // workaround(basic-auth): setRequestInterceptor: the native library ignores the security schemes, so an interceptor writes the header.
    client.setRequestInterceptor(request -> request.header("Authorization", authorization));
    return client;
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private String requestToken() throws ApiException {
    // works(oauth-token): requestToken
    return new OAuthApi(client(basic(clientId, clientSecret)))
        .requestToken(GrantType.ClientCredentials)
        .getAccessToken();
  }

  /** Reads the list page by page, and adds its items to a list. */
  private static List<Page> listItems(ItemsApi items, List<Item> listed) throws ApiException {
    List<Page> pages = new ArrayList<>();
    while (true) {
      // works(list-items): listItems
      ItemPage page = items.listItems(ITEM_LIST, listed.size(), 10, null);
      List<Long> ids = page.getItems().stream().map(Item::getId).toList();
      pages.add(new Page(page.getOffset(), page.getCount(), page.getTotalCount(), ids));
      listed.addAll(page.getItems());
      if (page.getCount() == 0 || page.getOffset() + page.getCount() >= page.getTotalCount()) {
        return pages;
      }
    }
  }

  // works(item): Item
  private static First describe(Item item) {
    return new First(
        item.getId(),
        item.getSummary(),
        item.getStatus().getValue(),
        // The description gives no format, since the text is not RFC 3339: it stays a String.
        // works(vendor-timestamp): getCreateDate
        item.getCreateDate(),
        item.getLastUpdateDate(),
        item.getAuthors().stream().map(PersonRef::getUsername).toList(),
        unknown(item));
  }

  /** The names of the properties that the description does not declare, in order. */
  private static List<String> unknown(Item item) {
    Map<String, Object> properties = item.getAdditionalProperties(); // null when there are none
    return properties == null ? List.of() : List.copyOf(new TreeSet<>(properties.keySet()));
  }

  /** Makes an item with a property that the description does not declare. */
  private static WriteResult createItem(ItemsApi items) throws ApiException {
    Item item =
        new Item()
            .templateId(45L)
            .templateName("Idea")
            .summary("From another language")
            .status(ItemStatus.New)
            .addAuthorsItem(new PersonRef().username("jdoe"))
            .addResponsibleLocationsItem(new LocationRef().id(70L))
            .suppressNotifications(true)
            // works(open-object): putAdditionalProperty
            .putAdditionalProperty("shiftPattern", "early");
    // works(put-item): ItemWrite
    return items.putItem(new ItemWrite().item(item), null);
  }

  private static Read readItem(ItemsApi items, long id) throws ApiException {
    Item stored = items.getItem(id, null).getItem();
    return new Read(
        stored.getSummary(),
        stored.getStatus().getValue(),
        stored.getAdditionalProperty("shiftPattern"),
        unknown(stored));
  }

  private static Forbidden getUnseenItem(ApiClient client) throws IOException {
    try {
      new ItemsApi(client).getItem(UNSEEN, null);
    } catch (ApiException e) {
      // workaround(typed-error): getResponseBody: the exception holds the body as text, which the client's own mapper reads into the model Error.
      Error error = client.getObjectMapper().readValue(e.getResponseBody(), Error.class);
      return new Forbidden(e.getCode(), error.getErrorCode());
    }
    throw Program.notRefused("get an item that nobody sees");
  }

  private static String firstTwo(File workbook) throws IOException {
    try (FileInputStream in = new FileInputStream(workbook)) {
      return new String(in.readNBytes(2), StandardCharsets.US_ASCII);
    }
  }

  private static Imported importCharts(ChartsApi charts, File workbook) throws ApiException {
    // works(multipart): importCharts
    List<ChartImportEntry> entries = charts.importCharts(workbook);
    return new Imported(entries.stream().filter(e -> Boolean.TRUE.equals(e.getFailure())).count());
  }
}
