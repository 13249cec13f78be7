//! What the program asks of KaiNexus.

use kainexus_client::apis::configuration::Configuration;
use kainexus_client::apis::items_api::{self, GetItemError};
use kainexus_client::apis::{self, charts_api, o_auth_api};
use kainexus_client::models::{GrantType, Item, ItemStatus, ItemWrite, LocationRef, PersonRef};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Failure, variable};

// The sandbox has the list and the Card.
const ITEM_LIST: i64 = 640;
const CHART_LIST: i64 = 655;
const UNSEEN: i64 = 999999; // no item

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pages: Vec<Page>,
    first: First,
    oauth_sees_the_same: bool,
    created: Created,
    read: Read,
    forbidden: Forbidden,
    workbook: Workbook,
    imported: Imported,
}

#[derive(Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Page {
    offset: i32,
    count: i32,
    total_count: i32,
    ids: Vec<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct First {
    id: i64,
    summary: String,
    status: String,
    create_date: String,
    last_update_date: String,
    authors: Vec<String>,
    unknown: Vec<String>,
}

#[derive(Serialize)]
struct Created {
    success: bool,
    operation: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    summary: Option<String>,
    status: Option<ItemStatus>,
    shift_pattern: Option<Value>,
    unknown: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Forbidden {
    status: u16,
    error_code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Workbook {
    starts_with: String,
}

#[derive(Serialize)]
struct Imported {
    failures: usize,
}

pub async fn call() -> Result<Seen, Failure> {
    let base = variable("KAINEXUS_BASE_URL")?;
    let with_key = basic(&base, "api", variable("KAINEXUS_API_KEY")?);
    let (pages, items) = list_items(&with_key).await?;
    let first = describe(items.first().ok_or("the list is empty")?)?;
    let (again, _) = list_items(&with_token(&base).await?).await?;
    let (created, read) = create_item(&with_key).await?;
    let forbidden = get_unseen_item(&with_key).await?;
    let (workbook, imported) = move_charts(&with_key).await?;
    Ok(Seen {
        oauth_sees_the_same: pages == again,
        pages,
        first,
        created,
        read,
        forbidden,
        workbook,
        imported,
    })
}

fn basic(base: &str, user: &str, password: String) -> Configuration {
    Configuration {
        base_path: base.to_owned(),
        // works(basic-auth): basic_auth
        basic_auth: Some((user.to_owned(), Some(password))),
        ..Configuration::new()
    }
}

/// Exchanges the client's credentials for a token, and has requests carry it.
async fn with_token(base: &str) -> Result<Configuration, Failure> {
    let client = basic(base, &variable("KAINEXUS_CLIENT_ID")?, variable("KAINEXUS_CLIENT_SECRET")?);
    // workaround(oauth-token): request_token: the generator writes the type of grant_type as models::models::GrantType,
    // which templates/model_mod.mustache makes resolve.
    let token = o_auth_api::request_token(&client, GrantType::ClientCredentials).await?;
    Ok(Configuration {
        base_path: base.to_owned(),
        oauth_access_token: Some(token.access_token),
        ..Configuration::new()
    })
}

/// Reads the list page by page, and all items of it.
async fn list_items(client: &Configuration) -> Result<(Vec<Page>, Vec<Item>), Failure> {
    let (mut pages, mut items) = (Vec::new(), Vec::new());
    loop {
        let offset = i32::try_from(items.len())?;
        // works(list-items): list_items
        let page = items_api::list_items(client, ITEM_LIST, Some(offset), Some(10), None).await?;
        pages.push(Page {
            offset: page.offset,
            count: page.count,
            total_count: page.total_count,
            ids: page.items.iter().filter_map(|item| item.id).collect(),
        });
        items.extend(page.items);
        if page.count == 0 || page.offset + page.count >= page.total_count {
            return Ok((pages, items));
        }
    }
}

// works(item): Item
fn describe(item: &Item) -> Result<First, Failure> {
    Ok(First {
        id: item.id.ok_or("an item lacks its id")?,
        summary: item.summary.clone().ok_or("an item lacks its summary")?,
        status: item.status.as_ref().ok_or("an item lacks its status")?.to_string(),
        // The description gives no format, since the text is not RFC 3339: it stays a String.
        // works(vendor-timestamp): create_date
        create_date: item.create_date.clone().ok_or("an item lacks createDate")?,
        last_update_date: item.last_update_date.clone().ok_or("an item lacks lastUpdateDate")?,
        authors: item.authors.iter().flatten().filter_map(|a| a.username.clone()).collect(),
        unknown: unknown(item),
    })
}

/// The names of the properties that the description does not declare, in order.
fn unknown(item: &Item) -> Vec<String> {
    let mut names: Vec<String> = item.additional_properties.keys().cloned().collect();
    names.sort();
    names
}

/// Makes an item with a property that the description does not declare, and reads it back.
async fn create_item(client: &Configuration) -> Result<(Created, Read), Failure> {
    let mut item = Item::new();
    item.template_id = Some(45);
    item.template_name = Some("Idea".to_owned());
    item.summary = Some("From another language".to_owned());
    item.status = Some(ItemStatus::New);
    item.authors = Some(vec![PersonRef { username: Some("jdoe".to_owned()), ..PersonRef::new() }]);
    item.responsible_locations = Some(vec![LocationRef { id: Some(70), ..LocationRef::new() }]);
    item.suppress_notifications = Some(true);
    // workaround(open-object): additional_properties: the generator drops what is not declared, in answers and in
    // requests, so templates/model.mustache takes the place of its own template.
    item.additional_properties.insert("shiftPattern".to_owned(), json!("early"));
    // works(put-item): ItemWrite
    let written = items_api::put_item(client, ItemWrite::new(item), None).await?;
    let outcome = written.results.first().ok_or("putItem: the answer has no results")?;

    let stored = items_api::get_item(client, outcome.id, None).await?.item;
    let unknown = unknown(&stored);
    Ok((
        Created { success: written.success, operation: outcome.operation.to_string() },
        Read {
            summary: stored.summary,
            status: stored.status,
            shift_pattern: stored.additional_properties.get("shiftPattern").cloned(),
            unknown,
        },
    ))
}

async fn get_unseen_item(client: &Configuration) -> Result<Forbidden, Failure> {
    let refused = match items_api::get_item(client, UNSEEN, None).await {
        Err(apis::Error::ResponseError(refused)) => refused,
        Err(failure) => return Err(failure.into()),
        Ok(_) => return Err("getItem: answered, want a refusal".into()),
    };
    // workaround(typed-error): GetItemError: its variants are told apart by their shape alone, so the body of a 403 comes
    // as Status400, and the status itself is beside it.
    let error = match refused.entity {
        Some(GetItemError::Status400(e) | GetItemError::Status403(e)) => e,
        _ => return Err("getItem: the refusal has no error body".into()),
    };
    Ok(Forbidden { status: refused.status.as_u16(), error_code: error.error_code })
}

/// Exports a workbook, and imports the same one.
async fn move_charts(client: &Configuration) -> Result<(Workbook, Imported), Failure> {
    // works(binary-download): export_charts
    let exported = charts_api::export_charts(client, CHART_LIST).await?.bytes().await?;
    let path = std::env::temp_dir().join(format!("charts-{}.xlsx", std::process::id()));
    std::fs::write(&path, &exported)?;
    // workaround(multipart): import_charts: it takes the path of a file, so the bytes are written to one before.
    let imported = charts_api::import_charts(client, path.clone()).await;
    std::fs::remove_file(&path)?;
    let starts_with = String::from_utf8_lossy(exported.get(..2).unwrap_or_default()).into_owned();
    let failures = imported?.iter().filter(|entry| entry.failure == Some(true)).count();
    Ok((Workbook { starts_with }, Imported { failures }))
}
