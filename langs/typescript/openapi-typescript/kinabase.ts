import { isDeepStrictEqual } from "node:util";

import createClient, { type Client as ClientOf } from "openapi-fetch";

import { dataOf, errorOf } from "./answer.js";
import type { components, paths } from "./generated/kinabase.js";
import { type Names, undeclared } from "./undeclared.js";

type Client = ClientOf<paths>;
type Schemas = components["schemas"];

const collectionId = "purchase-orders"; // the sandbox has it
// It finds the records again that createRecords adds: its answer has no ids.
const mark = "bulk, from another language";

// A record as the 2023 edition of the API had it: its values stand beside its id. It is the
// sample of the vendor's guide.
const record2023 = `{"name": "record1", "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "recordId": 1,
  "createdAt": "18/08/2023 12:28:21 +00:00", "updatedAt": "18/08/2023 12:28:21 +00:00", "updatedBy": ""}`;

interface App {
  baseUrl: string;
  appId: string;
  secret: string;
}

export async function callKinabase({ baseUrl, appId, secret }: App) {
  const token = await createToken(baseUrl, { appId, secret });
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
  const { pages, records } = await listRecords(client);
  return {
    token: { parts: token.split(".").length },
    pages,
    first: describe(records[0]),
    edition2023: readRecord2023(),
    ...(await liveAndDie(client)),
    ...(await inBulk(client)),
    all: await compareAll(client, records),
    wrongKey: await wrongKey(client),
  };
}

// works(token-request): TokenRequest
async function createToken(baseUrl: string, credentials: Schemas["TokenRequest"]): Promise<string> {
  const client = createClient<paths>({ baseUrl });
  return dataOf("create token", await client.POST("/token", { body: credentials })).token;
}

/** Reads the collection page by page, ten records each, and all records of it. */
async function listRecords(client: Client) {
  const pages: { pageIndex: number; count: number; totalRecords: number }[] = [];
  const records: Schemas["Record"][] = [];
  for (;;) {
    const answer = await client.GET("/collections/{collectionId}", {
      params: { path: { collectionId }, query: { pageIndex: pages.length, pageSize: 10 } },
    });
    const page = dataOf("list records", answer);
    pages.push({ pageIndex: page.pageIndex, count: page.records.length, totalRecords: page.totalRecords });
    records.push(...page.records);
    if (page.records.length === 0 || records.length >= page.totalRecords) {
      return { pages, records };
    }
  }
}

function describe(record: Schemas["Record"] | undefined) {
  if (!record) {
    throw new Error(`${collectionId} is empty`);
  }
  return {
    id: record.id,
    numericId: record.numericId,
    data: record.data,
    updatedAt: record.updatedAt ?? null,
    external: record.external ?? null,
  };
}

/** Reads the sample with the model of today's records. */
function readRecord2023() {
  // works(record): Record
  const record: Schemas["Record"] = JSON.parse(record2023);
  return {
    id: record.id,
    recordId: record.recordId,
    updatedAt: record.updatedAt,
    unknown: Object.fromEntries(undeclared(record, recordNames)),
  };
}

const recordNames: Names<Schemas["Record"]> = {
  id: true, numericId: true, recordId: true, data: true, external: true, lists: true, fileStorage: true,
  createdAt: true, updatedAt: true, updatedBy: true,
};

/** Creates a record, empties a field of it, and deletes it. */
async function liveAndDie(client: Client) {
  const sent: Schemas["RecordData"] = { supplier: "Ouse Paper", total: 1250.5, orderedOn: "2026-03-02" };
  const added = await client.POST("/collections/{collectionId}", {
    params: { path: { collectionId } },
    body: { data: sent },
  });
  const path = { collectionId, recordId: dataOf("create record", added).id };
  const created = await readBack(client, path, sent);

  // works(null-in-patch): RecordData
  const change: Schemas["RecordData"] = { total: null };
  const updated = await client.PATCH("/collections/{collectionId}/{recordId}", {
    params: { path },
    body: { data: change },
  });
  dataOf("update record", updated);
  const nulled = await readBack(client, path, sent);

  dataOf("delete record", await client.DELETE("/collections/{collectionId}/{recordId}", { params: { path } }));
  const missing = await client.GET("/collections/{collectionId}/{recordId}", { params: { path } });
  const { error } = errorOf("get a deleted record", missing, 404);
  return { created, nulled, gone: { status: missing.response.status, error } };
}

/** Reads a record, and keeps the values of the keys that were sent. */
async function readBack(
  client: Client,
  path: { collectionId: string; recordId: string },
  sent: Schemas["RecordData"],
) {
  const answer = await client.GET("/collections/{collectionId}/{recordId}", { params: { path } });
  const { data } = dataOf("get record", answer);
  return { data: Object.fromEntries(Object.keys(sent).map((key) => [key, data?.[key]])) };
}

/** Adds three records of which one is wrong, then three good ones, and deletes those. */
async function inBulk(client: Client) {
  const good: Schemas["RecordInput"] = { data: { supplier: "Cam Bearings", total: 12, notes: mark } };
  const wrong: Schemas["RecordInput"] = { data: { supplier: "Cam Bearings", Total: 12, notes: mark } };
  const params = { path: { collectionId } };
  // works(bulk): BulkRecordInput
  const oneWrong: Schemas["BulkRecordInput"] = { records: [good, wrong, good] };
  const refused = await client.POST("/collections/{collectionId}/bulk", { params, body: oneWrong });
  const { error } = errorOf("create records, one of them wrong", refused, 400);
  const allGood: Schemas["BulkRecordInput"] = { records: [good, good, good] };
  const added = await client.POST("/collections/{collectionId}/bulk", { params, body: allGood });
  dataOf("create records", added);
  const marked = await findMarked(client);

  // works(delete-with-body): BulkRecordDeletion
  const deletion: Schemas["BulkRecordDeletion"] = { recordIds: marked };
  const deleted = await client.DELETE("/collections/{collectionId}/bulk", { params, body: deletion });
  dataOf("delete records", deleted);
  const left = await findMarked(client);
  return {
    bulk: {
      refused: { status: refused.response.status, error },
      status: added.response.status,
      created: marked.length,
    },
    bulkDeleted: marked.length - left.length,
  };
}

/** The ids of the records that carry the mark. */
async function findMarked(client: Client): Promise<string[]> {
  const all = await listAllRecords(client);
  return all.filter((record) => record.data?.notes === mark).map((record) => record.id);
}

// works(array-response): RecordArray
async function listAllRecords(client: Client): Promise<Schemas["RecordArray"]> {
  const answer = await client.GET("/collections/{collectionId}/all", { params: { path: { collectionId } } });
  return dataOf("list all records", answer);
}

/** Holds the whole collection against what its pages had. */
async function compareAll(client: Client, paged: Schemas["Record"][]) {
  const all = await listAllRecords(client);
  return { count: all.length, sameIds: isDeepStrictEqual(idsOf(all), idsOf(paged)) };
}

function idsOf(records: Schemas["Record"][]): string[] {
  return records.map((record) => record.id).sort();
}

/** Sends a key in the wrong case. */
async function wrongKey(client: Client) {
  const refused = await client.POST("/collections/{collectionId}", {
    params: { path: { collectionId } },
    body: { data: { Supplier: "Ouse Paper" } },
  });
  const { error } = errorOf("create a record with a wrong key", refused, 400);
  return { status: refused.response.status, error };
}
