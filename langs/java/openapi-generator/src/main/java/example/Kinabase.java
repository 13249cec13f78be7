package example;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kinabase.ApiClient;
import kinabase.ApiException;
import kinabase.api.AuthApi;
import kinabase.api.BulkRecordsApi;
import kinabase.api.RecordsApi;
import kinabase.model.BulkRecordDeletion;
import kinabase.model.BulkRecordInput;
import kinabase.model.Error; // java.lang has an Error and a Record too: import these by their names
import kinabase.model.ExternalLink;
import kinabase.model.Record;
import kinabase.model.RecordInput;
import kinabase.model.RecordPage;
import kinabase.model.SecretCredentials;
import kinabase.model.TokenRequest;
import org.openapitools.jackson.nullable.JsonNullable;

/** What the program asks of Kinabase. */
final class Kinabase {
  private static final String COLLECTION = "purchase-orders"; // the sandbox has it

  /** Finds the records again that createRecords adds: its answer has no ids. */
  private static final String MARK = "bulk, from another language";

  /** A record of the 2023 edition, whose values stand beside its id: the sample of the vendor's guide. */
  private static final String RECORD_2023 =
      """
      {"name": "record1", "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "recordId": 1,
      "createdAt": "18/08/2023 12:28:21 +00:00", "updatedAt": "18/08/2023 12:28:21 +00:00", "updatedBy": ""}""";

  record Seen(
      Token token,
      List<Page> pages,
      First first,
      Edition2023 edition2023,
      Contents created,
      Contents nulled,
      Refusal gone,
      Bulk bulk,
      int bulkDeleted,
      All all,
      Refusal wrongKey) {}

  record Token(int parts) {}

  record Page(int pageIndex, int count, long totalRecords) {}

  record First(String id, Long numericId, Map<String, Object> data, String updatedAt, List<ExternalLink> external) {}

  record Edition2023(String id, Long recordId, String updatedAt, Map<String, Object> unknown) {}

  record Contents(Map<String, Object> data) {}

  record Refusal(int status, String error) {}

  record Bulk(Refusal refused, int status, int created) {}

  record All(int count, boolean sameIds) {}

  /** A call that is expected to be refused. */
  private interface Call {
    void make() throws ApiException;
  }

  private final ApiClient client = new ApiClient();
  private final ObjectMapper mapper = client.getObjectMapper();
  private final String appId;
  private final String secret;

  Kinabase(String base, String appId, String secret) {
    client.updateBaseUri(base);
    this.appId = appId;
    this.secret = secret;
  }

  Seen call() throws ApiException, IOException {
    String token = createToken();
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    // An API takes over the client's settings when it is made, so these come after the interceptor.
    RecordsApi records = new RecordsApi(client);
    BulkRecordsApi bulkRecords = new BulkRecordsApi(client);

    List<Record> listed = new ArrayList<>();
    List<Page> pages = listRecords(records, listed);
    First first = firstOf(listed);
    Edition2023 edition2023 = readRecord2023();

    Map<String, Object> sent = Map.of("supplier", "Ouse Paper", "total", 1250.5, "orderedOn", "2026-03-02");
    String id = records.createRecord(COLLECTION, input().data(sent)).getId();
    Contents created = readBack(records, id, sent);
    records.updateRecord(COLLECTION, id, input().putDataItem("total", null));
    Contents nulled = readBack(records, id, sent);
    records.deleteRecord(COLLECTION, id);
    Refusal gone = refused("get a deleted record", () -> records.getRecord(COLLECTION, id));

    BulkRecordInput oneWrong = new BulkRecordInput().records(List.of(marked("total"), marked("Total"), marked("total")));
    Refusal refused = refused("create records", () -> bulkRecords.createRecords(COLLECTION, oneWrong));
    // works(bulk): BulkRecordInput
    BulkRecordInput good = new BulkRecordInput().records(List.of(marked("total"), marked("total"), marked("total")));
    int status = bulkRecords.createRecordsWithHttpInfo(COLLECTION, good).getStatusCode();
    List<String> added = findMarked(records);
    // works(delete-with-body): deleteRecords
    bulkRecords.deleteRecords(COLLECTION, new BulkRecordDeletion().recordIds(added));
    int deleted = added.size() - findMarked(records).size();

    // works(array-response): listAllRecords
    List<Record> all = records.listAllRecords(COLLECTION, null, null, null);
    RecordInput wrong = input().putDataItem("Supplier", "Ouse Paper");
    Refusal wrongKey = refused("create a record", () -> records.createRecord(COLLECTION, wrong));
    return new Seen(
        new Token(token.split("\\.", -1).length),
        pages,
        first,
        edition2023,
        created,
        nulled,
        gone,
        new Bulk(refused, status, added.size()),
        deleted,
        new All(all.size(), ids(all).equals(ids(listed))),
        wrongKey);
  }

  private String createToken() throws ApiException {
    SecretCredentials credentials = new SecretCredentials().appId(appId).secret(secret);
    // works(token-request): TokenRequest
    return new AuthApi(client).createToken(new TokenRequest(credentials)).getToken();
  }

  /** Reads the collection page by page, and adds its records to a list. */
  private static List<Page> listRecords(RecordsApi records, List<Record> listed) throws ApiException {
    List<Page> pages = new ArrayList<>();
    while (true) {
      RecordPage page = records.listRecords(COLLECTION, pages.size(), 10, null, null, null);
      pages.add(new Page(page.getPageIndex(), page.getRecords().size(), page.getTotalRecords()));
      listed.addAll(page.getRecords());
      if (page.getRecords().isEmpty() || listed.size() >= page.getTotalRecords()) {
        return pages;
      }
    }
  }

  private static First firstOf(List<Record> listed) {
    Record r = listed.get(0);
    return new First(r.getId(), r.getNumericId(), r.getData(), r.getUpdatedAt(), r.getExternal());
  }

  /** Decodes the sample with the model that decodes today's records. */
  private Edition2023 readRecord2023() throws IOException {
    // works(record): Record
    Record r = mapper.readValue(RECORD_2023, Record.class);
    return new Edition2023(r.getId(), r.getRecordId(), r.getUpdatedAt(), r.getAdditionalProperties());
  }

  /** Reads a record, and keeps the values of the keys that were sent. */
  private static Contents readBack(RecordsApi records, String id, Map<String, Object> sent) throws ApiException {
    Map<String, Object> data = new HashMap<>(records.getRecord(COLLECTION, id).getData());
    data.keySet().retainAll(sent.keySet());
    return new Contents(data);
  }

  /** A record to add or to change, with nothing in it. */
  private static RecordInput input() {
    RecordInput input = new RecordInput();
    // workaround(null-in-patch): setLists_JsonNullable: lists and fileStorage, whose type is unknown, start as null and
    // would be sent so, and a null may empty them, so they are made undefined.
    input.setLists_JsonNullable(JsonNullable.undefined());
    input.setFileStorage_JsonNullable(JsonNullable.undefined());
    return input;
  }

  /** A record that carries the mark. */
  private static RecordInput marked(String key) {
    return input().data(Map.of("supplier", "Cam Bearings", key, 12, "notes", MARK));
  }

  private static List<String> findMarked(RecordsApi records) throws ApiException {
    return records.listAllRecords(COLLECTION, null, null, null).stream()
        .filter(r -> MARK.equals(r.getData().get("notes")))
        .map(Record::getId)
        .toList();
  }

  /** How often each id occurs. */
  private static Map<String, Integer> ids(List<Record> records) {
    Map<String, Integer> ids = new TreeMap<>();
    records.forEach(r -> ids.merge(r.getId(), 1, Integer::sum));
    return ids;
  }

  private Refusal refused(String operation, Call call) throws IOException {
    try {
      call.make();
    } catch (ApiException e) {
      return new Refusal(e.getCode(), mapper.readValue(e.getResponseBody(), Error.class).getError());
    }
    throw Program.notRefused(operation);
  }
}
