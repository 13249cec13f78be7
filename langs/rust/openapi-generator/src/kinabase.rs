//! What the program asks of Kinabase.

use std::collections::HashMap;
use std::fmt::Debug;

use kinabase_client::apis::configuration::Configuration;
use kinabase_client::apis::{self, auth_api, bulk_records_api, records_api};
use kinabase_client::models::{
    self, BulkRecordDeletion, BulkRecordInput, ExternalLink, Record, RecordInput, SecretCredentials, TokenRequest,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Failure, variable};

const COLLECTION: &str = "purchase-orders"; // the sandbox has it

/// Finds the records again that createRecords adds: its answer has no ids.
const MARK: &str = "bulk, from another language";

/// A record of the 2023 edition, whose values stand beside its id: the sample of the vendor's guide.
const RECORD_2023: &str = r#"{"name": "record1", "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "recordId": 1,
    "createdAt": "18/08/2023 12:28:21 +00:00", "updatedAt": "18/08/2023 12:28:21 +00:00", "updatedBy": ""}"#;

/// Field values by field key.
type Data = HashMap<String, Value>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    token: Token,
    pages: Vec<Page>,
    first: First,
    edition2023: Edition2023,
    created: Contents,
    nulled: Contents,
    gone: Refusal,
    bulk: Bulk,
    bulk_deleted: usize,
    all: All,
    wrong_key: Refusal,
}

#[derive(Serialize)]
struct Token {
    parts: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page_index: i32,
    count: usize,
    total_records: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct First {
    id: String,
    numeric_id: Option<i64>,
    data: Option<Data>,
    updated_at: Option<String>,
    external: Option<Vec<ExternalLink>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Edition2023 {
    id: String,
    record_id: Option<i64>,
    updated_at: Option<String>,
    unknown: HashMap<String, Value>,
}

#[derive(Serialize)]
struct Contents {
    data: Data,
}

#[derive(Serialize)]
struct Refusal {
    status: u16,
    error: String,
}

#[derive(Serialize)]
struct Bulk {
    refused: Refusal,
    status: u16,
    created: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct All {
    count: usize,
    same_ids: bool,
}

pub async fn call() -> Result<Seen, Failure> {
    let base_path = variable("KINABASE_BASE_URL")?;
    let token = create_token(&base_path).await?;
    let parts = token.split('.').count();
    let client = Configuration { base_path, bearer_access_token: Some(token), ..Configuration::new() };

    let (pages, records) = list_records(&client).await?;
    let first = first_of(&records)?;
    let edition2023 = read_record_2023()?;
    let (created, nulled, gone) = live_and_die(&client).await?;
    let (bulk, bulk_deleted) = in_bulk(&client).await?;
    let all = list_all_records(&client).await?;
    let wrong = RecordInput::new(data([("Supplier", json!("Ouse Paper"))]));
    let wrong_key = refusal(records_api::create_record(&client, COLLECTION, wrong).await)?;
    Ok(Seen {
        token: Token { parts },
        pages,
        first,
        edition2023,
        created,
        nulled,
        gone,
        bulk,
        bulk_deleted,
        all: All { count: all.len(), same_ids: sorted_ids(&all) == sorted_ids(&records) },
        wrong_key,
    })
}

async fn create_token(base: &str) -> Result<String, Failure> {
    let client = Configuration { base_path: base.to_owned(), ..Configuration::new() };
    let credentials = SecretCredentials::new(variable("KINABASE_APP_ID")?, variable("KINABASE_APP_SECRET")?);
    // workaround(token-request): TokenRequest: the generator makes one struct of both objects, with all properties required,
    // so templates/model.mustache makes an enum instead.
    let request = TokenRequest::SecretCredentials(credentials);
    Ok(auth_api::create_token(&client, request).await?.token)
}

/// Reads the collection page by page, and all records of it.
async fn list_records(client: &Configuration) -> Result<(Vec<Page>, Vec<Record>), Failure> {
    let (mut pages, mut records) = (Vec::new(), Vec::new());
    loop {
        let index = i32::try_from(pages.len())?;
        let page = records_api::list_records(client, COLLECTION, Some(index), Some(10), None, None, None).await?;
        let count = page.records.len();
        pages.push(Page { page_index: page.page_index, count, total_records: page.total_records });
        records.extend(page.records);
        if count == 0 || i64::try_from(records.len())? >= page.total_records {
            return Ok((pages, records));
        }
    }
}

fn first_of(records: &[Record]) -> Result<First, Failure> {
    let record = records.first().ok_or("the collection is empty")?;
    Ok(First {
        id: record.id.clone(),
        // What is both optional and nullable is an Option of an Option: absent, null, or there.
        numeric_id: record.numeric_id.flatten(),
        data: record.data.clone(),
        updated_at: record.updated_at.clone(),
        external: record.external.clone().flatten(),
    })
}

/// Decodes the sample with the model that decodes today's records.
fn read_record_2023() -> Result<Edition2023, Failure> {
    // works(record): Record
    let record: Record = serde_json::from_str(RECORD_2023)?;
    Ok(Edition2023 {
        id: record.id,
        record_id: record.record_id,
        updated_at: record.updated_at,
        unknown: record.additional_properties,
    })
}

/// Creates a record, empties a field of it, and deletes it.
async fn live_and_die(client: &Configuration) -> Result<(Contents, Contents, Refusal), Failure> {
    let sent = data([
        ("supplier", json!("Ouse Paper")),
        ("total", json!(1250.5)),
        ("orderedOn", json!("2026-03-02")),
    ]);
    let id = records_api::create_record(client, COLLECTION, RecordInput::new(sent.clone())).await?.id;
    let created = read_back(client, &id, &sent).await?;

    // works(null-in-patch): RecordInput
    let change = RecordInput::new(data([("total", Value::Null)]));
    records_api::update_record(client, COLLECTION, &id, change).await?;
    let nulled = read_back(client, &id, &sent).await?;

    records_api::delete_record(client, COLLECTION, &id).await?;
    let gone = refusal(records_api::get_record(client, COLLECTION, &id).await)?;
    Ok((created, nulled, gone))
}

/// Reads a record, and keeps the values of the keys that were sent.
async fn read_back(client: &Configuration, id: &str, sent: &Data) -> Result<Contents, Failure> {
    let record = records_api::get_record(client, COLLECTION, id).await?;
    let mut data = record.data.unwrap_or_default();
    data.retain(|key, _| sent.contains_key(key));
    Ok(Contents { data })
}

/// Adds three records of which one is wrong, then three good ones, and deletes those.
async fn in_bulk(client: &Configuration) -> Result<(Bulk, usize), Failure> {
    let marked = |total: &str| {
        RecordInput::new(data([("supplier", json!("Cam Bearings")), (total, json!(12)), ("notes", json!(MARK))]))
    };
    // works(bulk): BulkRecordInput
    let one_wrong = BulkRecordInput::new(vec![marked("total"), marked("Total"), marked("total")]);
    let refused = refusal(bulk_records_api::create_records(client, COLLECTION, one_wrong).await)?;
    let good = BulkRecordInput::new(vec![marked("total"), marked("total"), marked("total")]);
    bulk_records_api::create_records(client, COLLECTION, good).await?;
    let status = 200; // the only one that the client takes for a success here, and it tells no more

    let added = find_marked(client).await?;
    let created = added.len();
    // works(delete-with-body): delete_records
    bulk_records_api::delete_records(client, COLLECTION, BulkRecordDeletion::new(added)).await?;
    let left = find_marked(client).await?.len();
    Ok((Bulk { refused, status, created }, created - left))
}

/// The ids of the records that carry the mark.
async fn find_marked(client: &Configuration) -> Result<Vec<String>, Failure> {
    let has_mark = |r: &Record| r.data.as_ref().and_then(|data| data.get("notes")) == Some(&json!(MARK));
    Ok(list_all_records(client).await?.into_iter().filter(has_mark).map(|r| r.id).collect())
}

async fn list_all_records(client: &Configuration) -> Result<Vec<Record>, Failure> {
    // works(array-response): list_all_records
    Ok(records_api::list_all_records(client, COLLECTION, None, None, None).await?)
}

fn sorted_ids(records: &[Record]) -> Vec<&str> {
    let mut ids: Vec<&str> = records.iter().map(|r| r.id.as_str()).collect();
    ids.sort();
    ids
}

fn data<const N: usize>(values: [(&str, Value); N]) -> Data {
    values.map(|(key, value)| (key.to_owned(), value)).into()
}

/// What an answer was refused with, whatever the operation.
fn refusal<T, E: Debug + 'static>(answer: Result<T, apis::Error<E>>) -> Result<Refusal, Failure> {
    match answer {
        Err(apis::Error::ResponseError(refused)) => {
            let body: models::Error = serde_json::from_str(&refused.content)?;
            Ok(Refusal { status: refused.status.as_u16(), error: body.error })
        }
        Err(failure) => Err(failure.into()),
        Ok(_) => Err("a call was answered, want a refusal".into()),
    }
}
