import { isDeepStrictEqual } from "node:util";

import { dataOf, errorOf } from "./answer.js";
import { type Client, createClient } from "./generated/kainexus/client/index.js";
import * as kainexus from "./generated/kainexus/index.js";
import { ItemSchema } from "./generated/kainexus/schemas.gen.js";
import { undeclared } from "./undeclared.js";

// The sandbox has the list and the Card.
const itemList = 640;
const chartList = 655;
const unseen = 999999; // no item

interface Account {
  baseUrl: string;
  apiKey: string;
  clientId: string;
  clientSecret: string;
}

export async function callKaiNexus({ baseUrl, apiKey, clientId, clientSecret }: Account) {
  const client = createClient({ baseUrl, auth: basic("api", apiKey) });
  const { pages, items } = await listItems(client);

  const token = await requestToken(baseUrl, clientId, clientSecret);
  const withToken = createClient({
    baseUrl,
    auth: ({ scheme }) => (scheme === "bearer" ? token : undefined),
  });
  const again = await listItems(withToken);

  return {
    pages,
    first: describe(items[0]),
    oauthSeesTheSame: isDeepStrictEqual(again.pages, pages),
    ...(await createItem(client)),
    forbidden: await getUnseenItem(client),
    ...(await moveCharts(client)),
  };
}

/**
 * Answers for the scheme basic with a name and a password; the client encodes them.
 *
 * workaround(basic-auth): auth: it has to be a function that looks at the scheme, since a mere
 * string is sent for both schemes that KaiNexus takes, and the header of the last one, Bearer, stays.
 */
function basic(name: string, password: string): NonNullable<ReturnType<Client["getConfig"]>["auth"]> {
  return ({ scheme }) => (scheme === "basic" ? `${name}:${password}` : undefined);
}

/** Reads the list page by page, ten items each, and all items of it. */
async function listItems(client: Client) {
  const pages = [];
  const items: kainexus.Item[] = [];
  for (;;) {
    // works(list-items): listItems
    const answer = await kainexus.listItems({ client, query: { id: itemList, offset: items.length, limit: 10 } });
    const page = dataOf("list items", answer);
    pages.push({
      offset: page.offset,
      count: page.count,
      totalCount: page.totalCount,
      ids: page.items.map((item) => item.id),
    });
    items.push(...page.items);
    if (page.count === 0 || page.offset + page.count >= page.totalCount) {
      return { pages, items };
    }
  }
}

// works(item): Item
function describe(item: kainexus.Item | undefined) {
  if (!item?.createDate || !item.lastUpdateDate) {
    throw new Error(`list ${itemList}: the first item is missing, or lacks a date`);
  }
  // The type is a string, and holds what the server sent.
  // works(vendor-timestamp): Timestamp
  const [createDate, lastUpdateDate]: kainexus.Timestamp[] = [item.createDate, item.lastUpdateDate];
  return {
    id: item.id,
    summary: item.summary,
    status: item.status,
    createDate,
    lastUpdateDate,
    authors: item.authors?.map((author) => author.username) ?? [],
    unknown: undeclared(item, ItemSchema).map(([name]) => name),
  };
}

/** Exchanges the client's credentials for a token. */
async function requestToken(baseUrl: string, clientId: string, clientSecret: string): Promise<string> {
  const client = createClient({ baseUrl, auth: basic(clientId, clientSecret) });
  // works(oauth-token): requestToken
  const answer = await kainexus.requestToken({ client, body: { grant_type: "client_credentials" } });
  return dataOf("request token", answer).access_token;
}

/** Makes an item with a property that the description does not declare, and reads it back. */
async function createItem(client: Client) {
  const item: kainexus.Item = {
    templateId: 45,
    templateName: "Idea",
    summary: "From another language",
    status: "NEW",
    authors: [{ username: "jdoe" }],
    responsibleLocations: [{ id: 70 }],
    suppressNotifications: true,
    shiftPattern: "early",
  };
  // works(put-item): putItem
  const written = dataOf("put item", await kainexus.putItem({ client, body: { item } }));
  const [outcome] = written.results;
  if (!outcome) {
    throw new Error("put item: the answer has no result");
  }
  const { item: stored } = dataOf("get item", await kainexus.getItem({ client, query: { id: outcome.id } }));
  return {
    created: { success: written.success, operation: outcome.operation },
    read: {
      summary: stored.summary,
      status: stored.status,
      shiftPattern: stored.shiftPattern,
      // works(open-object): ItemSchema
      unknown: undeclared(stored, ItemSchema).map(([name]) => name),
    },
  };
}

async function getUnseenItem(client: Client) {
  const answer = await kainexus.getItem({ client, query: { id: unseen } });
  // works(typed-error): GetItemError
  const denied: kainexus.GetItemError = errorOf("get an item that nobody sees", answer, 403);
  return { status: answer.response?.status, errorCode: denied.errorCode };
}

/** Exports a workbook, and imports the same one. */
async function moveCharts(client: Client) {
  // works(binary-download): exportCharts
  const workbook = dataOf("export charts", await kainexus.exportCharts({ client, query: { id: chartList } }));
  // A Blob would do for the type, but would be sent under the name "blob".
  const file = new File([workbook], "charts.xlsx", { type: workbook.type });
  // works(multipart): importCharts
  const report = dataOf("import charts", await kainexus.importCharts({ client, body: { file } }));
  return {
    workbook: { startsWith: await workbook.slice(0, 2).text() },
    imported: { failures: report.filter((entry) => entry.failure).length },
  };
}
