import { isDeepStrictEqual } from "node:util";

import createClient, { type Client as ClientOf } from "openapi-fetch";

import { dataOf, errorOf } from "./answer.js";
import type { components, operations, paths } from "./generated/kainexus.js";
import { type Names, undeclared } from "./undeclared.js";

type Client = ClientOf<paths>;
type Schemas = components["schemas"];
type Item = Schemas["Item"];

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
  // workaround(basic-auth): paths: the types know nothing of security schemes, so the client is
  // made with the header itself.
  const client = createClient<paths>({ baseUrl, headers: { Authorization: basic("api", apiKey) } });
  const { pages, items } = await listItems(client);

  const token = await requestToken(baseUrl, clientId, clientSecret);
  const withToken = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
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

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

/** Reads the list page by page, ten items each, and all items of it. */
async function listItems(client: Client) {
  const pages = [];
  const items: Item[] = [];
  for (;;) {
    // works(list-items): listItems
    const query: operations["listItems"]["parameters"]["query"] = { id: itemList, offset: items.length, limit: 10 };
    const page = dataOf("list items", await client.GET("/api/public/v1/json/itemList", { params: { query } }));
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
function describe(item: Item | undefined) {
  if (!item?.createDate || !item.lastUpdateDate) {
    throw new Error(`list ${itemList}: the first item is missing, or lacks a date`);
  }
  // The type is a string, and holds what the server sent.
  // works(vendor-timestamp): Timestamp
  const [createDate, lastUpdateDate]: Schemas["Timestamp"][] = [item.createDate, item.lastUpdateDate];
  return {
    id: item.id,
    summary: item.summary,
    status: item.status,
    createDate,
    lastUpdateDate,
    authors: item.authors?.map((author) => author.username) ?? [],
    unknown: undeclared(item, itemNames).map(([name]) => name),
  };
}

/** Exchanges the client's credentials for a token. */
async function requestToken(baseUrl: string, clientId: string, clientSecret: string): Promise<string> {
  const client = createClient<paths>({ baseUrl });
  // workaround(oauth-token): ClientCredentialsGrant: openapi-fetch sends JSON unless the call
  // has the content type of a form, and the header Authorization is written by hand.
  const grant: Schemas["ClientCredentialsGrant"] = { grant_type: "client_credentials" };
  const answer = await client.POST("/oauth2/token", {
    body: grant,
    headers: {
      Authorization: basic(clientId, clientSecret),
      "Content-Type": "application/x-www-form-urlencoded",
    },
  });
  return dataOf("request token", answer).access_token;
}

/** Makes an item with a property that the description does not declare, and reads it back. */
async function createItem(client: Client) {
  // works(put-item): ItemWrite
  const write: Schemas["ItemWrite"] = {
    item: {
      templateId: 45,
      templateName: "Idea",
      summary: "From another language",
      status: "NEW",
      authors: [{ username: "jdoe" }],
      responsibleLocations: [{ id: 70 }],
      suppressNotifications: true,
      shiftPattern: "early",
    },
  };
  const written = dataOf("put item", await client.PUT("/api/public/v1/json/item", { body: write }));
  const [outcome] = written.results;
  if (!outcome) {
    throw new Error("put item: the answer has no result");
  }
  const answer = await client.GET("/api/public/v1/json/item", { params: { query: { id: outcome.id } } });
  const { item } = dataOf("get item", answer);
  return {
    created: { success: written.success, operation: outcome.operation },
    read: {
      summary: item.summary,
      status: item.status,
      shiftPattern: item.shiftPattern,
      unknown: undeclared(item, itemNames).map(([name]) => name),
    },
  };
}

// workaround(open-object): Item: the type lets other properties pass, as unknown, but is gone
// at run time, so a list of the names that it declares tells which those are.
const itemNames: Names<Item> = {
  templateId: true, templateName: true, id: true, summary: true, link: true, parentId: true, parentSummary: true,
  status: true, customStatus: true, suppressNotifications: true, fields: true, attributes: true, milestones: true,
  authors: true, collaborators: true, responsible: true, assigner: true, sponsors: true, facilitators: true,
  leaders: true, participants: true, followers: true, participatingLocations: true, originatingLocations: true,
  responsibleLocations: true, createDate: true, lastUpdateDate: true, startDate: true, assignDate: true,
  dueDate: true, reviewDate: true, resolutionSubmitDate: true, completeDate: true, resolutionActual: true,
  resolutionTarget: true, resolutionForecast: true, likeCount: true, ackCount: true, voteCount: true, chart: true,
};

async function getUnseenItem(client: Client) {
  const answer = await client.GET("/api/public/v1/json/item", { params: { query: { id: unseen } } });
  // works(typed-error): Error
  const denied: Schemas["Error"] = errorOf("get an item that nobody sees", answer, 403);
  return { status: answer.response.status, errorCode: denied.errorCode };
}

/** Exports a workbook, and imports the same one. */
async function moveCharts(client: Client) {
  const exported = await client.GET("/api/public/v1/excel/chartList", {
    params: { query: { id: chartList } },
    parseAs: "blob",
  });
  // workaround(binary-download): Workbook: openapi-fetch reads an answer as JSON unless the call
  // says parseAs, and the type is a Blob only because generate.js makes it one.
  const workbook: Schemas["Workbook"] = dataOf("export charts", exported);
  const upload = { file: new File([workbook], "charts.xlsx", { type: workbook.type }) };
  const imported = await client.PUT("/api/public/v1/excel/multiChartImport", { body: upload, bodySerializer: asForm });
  const report = dataOf("import charts", imported);
  return {
    workbook: { startsWith: await workbook.slice(0, 2).text() },
    imported: { failures: report.filter((entry) => entry.failure).length },
  };
}

// workaround(multipart): ChartImportUpload: openapi-fetch sends an object as JSON, so the call
// has a bodySerializer that makes the form; file is a Blob because generate.js makes it one.
function asForm({ file }: Schemas["ChartImportUpload"]): FormData {
  const form = new FormData();
  form.append("file", file);
  return form;
}
