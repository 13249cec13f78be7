import { isDeepStrictEqual } from "node:util";

import { dataOf, errorOf } from "./answer.js";
import { type Client, createClient } from "./generated/kinabase/client/index.js";
import * as kinabase from "./generated/kinabase/index.js";
import { RecordSchema } from "./generated/kinabase/schemas.gen.js";
import { undeclared } from "./undeclared.js";

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
  const client = createClient({ baseUrl, auth: token });
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
async function createToken(baseUrl: string, credentials: kinabase.TokenRequest): Promise<string> {
  const client = createClient({ baseUrl });
  return dataOf("create token", await kinabase.createToken({ client, body: credentials })).token;
}

/** Reads the collection page by page, ten records each, and all records of it. */
async function listRecords(client: Client) {
  const pages: { pageIndex: number; count: number; totalRecords: number }[] = [];
  const records: kinabase.Record[] = [];
  for (;;) {
    const answer = await kinabase.listRecords({
      client,
      path: { collectionId },
      query: { pageIndex: pages.length, pageSize: 10 },
    });
    const page = dataOf("list records", answer);
    pages.push({ pageIndex: page.pageIndex, count: page.records.length, totalRecords: page.totalRecords });
    records.push(...page.records);
    if (page.records.length === 0 || records.length >= page.totalRecords) {
      return { pages, records };
    }
  }
}

function describe(record: kinabase.Record | undefined) {
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
  const record: kinabase.Record = JSON.parse(record2023);
  return {
    id: record.id,
    recordId: record.recordId,
    updatedAt: record.updatedAt,
    unknown: Object.fromEntries(undeclared(record, RecordSchema)),
  };
}

/** Creates a record, empties a field of it, and deletes it. */
async function liveAndDie(client: Client) {
  const sent: kinabase.RecordData = { supplier: "Ouse Paper", total: 1250.5, orderedOn: "2026-03-02" };
  const written = dataOf(
    "create record",
    await kinabase.createRecord({ client, path: { collectionId }, body: { data: sent } }),
  );
  const path = { collectionId, recordId: written.id };
  const created = await readBack(client, path, sent);

  // works(null-in-patch): RecordData
  const change: kinabase.RecordData = { total: null };
  dataOf("update record", await kinabase.updateRecord({ client, path, body: { data: change } }));
  const nulled = await readBack(client, path, sent);

  dataOf("delete record", await kinabase.deleteRecord({ client, path }));
  const missing = await kinabase.getRecord({ client, path });
  const { error } = errorOf("get a deleted record", missing, 404);
  return { created, nulled, gone: { status: missing.response?.status, error } };
}

/** Reads a record, and keeps the values of the keys that were sent. */
async function readBack(
  client: Client,
  path: { collectionId: string; recordId: string },
  sent: kinabase.RecordData,
) {
  const { data } = dataOf("get record", await kinabase.getRecord({ client, path }));
  return { data: Object.fromEntries(Object.keys(sent).map((key) => [key, data?.[key]])) };
}

/** Adds three records of which one is wrong, then three good ones, and deletes those. */
async function inBulk(client: Client) {
  const good: kinabase.RecordInput = { data: { supplier: "Cam Bearings", total: 12, notes: mark } };
  const wrong: kinabase.RecordInput = { data: { supplier: "Cam Bearings", Total: 12, notes: mark } };
  const path = { collectionId };
  // works(bulk): createRecords
  const refused = await kinabase.createRecords({ client, path, body: { records: [good, wrong, good] } });
  const { error } = errorOf("create records, one of them wrong", refused, 400);
  const added = await kinabase.createRecords({ client, path, body: { records: [good, good, good] } });
  dataOf("create records", added);
  const marked = await findMarked(client);

  // works(delete-with-body): deleteRecords
  const deleted = await kinabase.deleteRecords({ client, path, body: { recordIds: marked } });
  dataOf("delete records", deleted);
  const left = await findMarked(client);
  return {
    bulk: {
      refused: { status: refused.response?.status, error },
      status: added.response?.status,
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

async function listAllRecords(client: Client): Promise<kinabase.Record[]> {
  // works(array-response): listAllRecords
  return dataOf("list all records", await kinabase.listAllRecords({ client, path: { collectionId } }));
}

/** Holds the whole collection against what its pages had. */
async function compareAll(client: Client, paged: kinabase.Record[]) {
  const all = await listAllRecords(client);
  return { count: all.length, sameIds: isDeepStrictEqual(idsOf(all), idsOf(paged)) };
}

function idsOf(records: kinabase.Record[]): string[] {
  return records.map((record) => record.id).sort();
}

/** Sends a key in the wrong case. */
async function wrongKey(client: Client) {
  const refused = await kinabase.createRecord({
    client,
    path: { collectionId },
    body: { data: { Supplier: "Ouse Paper" } },
  });
  const { error } = errorOf("create a record with a wrong key", refused, 400);
  return { status: refused.response?.status, error };
}
