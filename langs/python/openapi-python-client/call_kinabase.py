"""The calls of Kinabase."""

from collections import Counter
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import httpx
from answer import want
from kinabase_api import AuthenticatedClient, Client
from kinabase_api.api.auth import create_token
from kinabase_api.api.bulk_records import create_records, delete_records
from kinabase_api.api.records import (
    create_record,
    delete_record,
    get_record,
    list_all_records,
    list_records,
    update_record,
)
from kinabase_api.models import (
    BulkRecordDeletion,
    BulkRecordInput,
    BulkResult,
    DeletionResult,
    Error,
    Record,
    RecordData,
    RecordInput,
    RecordPage,
    SecretCredentials,
    Token,
    UpdateResult,
)
from kinabase_api.types import Response

COLLECTION = "purchase-orders"  # the sandbox has it
# Finds the records again that create_records adds: its answer has no ids.
MARK = "bulk, from another language"

# A record as the 2023 edition of the API had it: its values stand beside its id. It is the
# sample of the vendor's guide.
RECORD_2023 = {
    "name": "record1",
    "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "recordId": 1,
    "createdAt": "18/08/2023 12:28:21 +00:00",
    "updatedAt": "18/08/2023 12:28:21 +00:00",
    "updatedBy": "",
}


def call_kinabase(base_url: str, app_id: str, app_secret: str) -> dict[str, Any]:
    token = request_token(base_url, app_id, app_secret)
    with AuthenticatedClient(
        base_url, token, timeout=httpx.Timeout(30), raise_on_unexpected_status=True
    ) as client:
        pages, records = read_collection(client)
        created, nulled, gone = live_and_die(client)
        bulk, bulk_deleted = in_bulk(client)
        return {
            "token": {"parts": len(token.split("."))},
            "pages": pages,
            "first": describe(records[0]),
            "edition2023": read_record_2023(),
            "created": created,
            "nulled": nulled,
            "gone": gone,
            "bulk": bulk,
            "bulkDeleted": bulk_deleted,
            "all": compare_all(client, records),
            "wrongKey": wrong_key(client),
        }


def request_token(base_url: str, app_id: str, app_secret: str) -> str:
    # works(token-request): SecretCredentials
    credentials = SecretCredentials(app_id=app_id, secret=app_secret)
    with Client(base_url, timeout=httpx.Timeout(30), raise_on_unexpected_status=True) as client:
        return want("create token", create_token.sync(client=client, body=credentials), Token).token


def read_collection(client: AuthenticatedClient) -> tuple[list[dict[str, Any]], list[Record]]:
    """Reads the collection page by page, and all records of it."""
    pages: list[dict[str, Any]] = []
    records: list[Record] = []
    while True:
        parsed = list_records.sync(COLLECTION, client=client, page_index=len(pages), page_size=10)
        page = want("list records", parsed, RecordPage)
        pages.append(
            {
                "pageIndex": page.page_index,
                "count": len(page.records),
                "totalRecords": page.total_records,
            }
        )
        records += page.records
        if not page.records or len(records) >= page.total_records:
            return pages, records


def describe(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "numericId": record.numeric_id,
        "data": values(record),
        # Unset, which is false, is another thing than null; the document has null for both.
        "updatedAt": record.updated_at or None,
        "external": [link.to_dict() for link in record.external] if record.external else None,
    }


def values(record: Record) -> dict[str, Any]:
    return record.data.to_dict() if record.data else {}


def read_record_2023() -> dict[str, Any]:
    """Decodes the sample with the model that decodes today's records."""
    # works(record): Record
    record = Record.from_dict(RECORD_2023)
    return {
        "id": record.id,
        "recordId": record.record_id,
        "updatedAt": record.updated_at,
        "unknown": record.additional_properties,
    }


def live_and_die(client: AuthenticatedClient) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Creates a record, empties a field of it, and deletes it."""
    sent = {"supplier": "Ouse Paper", "total": 1250.5, "orderedOn": "2026-03-02"}
    new = record_input(sent)
    record_id = want("create record", create_record.sync(COLLECTION, client=client, body=new), Record).id
    created = read_back(client, record_id, sent)

    # works(null-in-patch): RecordData
    change = RecordInput(data=RecordData.from_dict({"total": None}))
    want("update record", update_record.sync(COLLECTION, record_id, client=client, body=change), UpdateResult)
    nulled = read_back(client, record_id, sent)

    want("delete record", delete_record.sync(COLLECTION, record_id, client=client), DeletionResult)
    missing = get_record.sync_detailed(COLLECTION, record_id, client=client)
    return created, nulled, refusal("get a deleted record", missing, HTTPStatus.NOT_FOUND)


def record_input(data: dict[str, Any]) -> RecordInput:
    return RecordInput(data=RecordData.from_dict(data))


def read_back(client: AuthenticatedClient, record_id: str, sent: Iterable[str]) -> dict[str, Any]:
    """Reads a record, and keeps the values of the keys that were sent."""
    record = want("get record", get_record.sync(COLLECTION, record_id, client=client), Record)
    return {"data": {key: values(record).get(key) for key in sent}}


def refusal(operation: str, response: Response[Any], status: HTTPStatus) -> dict[str, Any]:
    if response.status_code != status:
        raise SystemExit(f"{operation}: {response.status_code}, want {status}")
    return {"status": response.status_code, "error": want(operation, response.parsed, Error).error}


def in_bulk(client: AuthenticatedClient) -> tuple[dict[str, Any], int]:
    """Adds three records of which one is wrong, then three good ones, and deletes those."""
    good = record_input({"supplier": "Cam Bearings", "total": 12, "notes": MARK})
    wrong = record_input({"supplier": "Cam Bearings", "Total": 12, "notes": MARK})
    # works(bulk): BulkRecordInput
    refused = create_records.sync_detailed(
        COLLECTION, client=client, body=BulkRecordInput(records=[good, wrong, good])
    )
    added = create_records.sync_detailed(
        COLLECTION, client=client, body=BulkRecordInput(records=[good, good, good])
    )
    want("create records", added.parsed, BulkResult)
    marked = find_marked(client)
    bulk = {
        "refused": refusal("create records, one of them wrong", refused, HTTPStatus.BAD_REQUEST),
        "status": added.status_code,
        "created": len(marked),
    }

    # works(delete-with-body): BulkRecordDeletion
    deletion = BulkRecordDeletion(record_ids=marked)
    want("delete records", delete_records.sync(COLLECTION, client=client, body=deletion), BulkResult)
    return bulk, len(marked) - len(find_marked(client))


def find_marked(client: AuthenticatedClient) -> list[str]:
    """Returns the ids of the records that carry the mark."""
    return [record.id for record in read_all(client) if values(record).get("notes") == MARK]


def read_all(client: AuthenticatedClient) -> list[Record]:
    # works(array-response): sync
    return want("list all records", list_all_records.sync(COLLECTION, client=client), list)


def compare_all(client: AuthenticatedClient, paged: list[Record]) -> dict[str, Any]:
    """Holds the whole collection against what its pages had."""
    everything = read_all(client)
    same = Counter(record.id for record in everything) == Counter(record.id for record in paged)
    return {"count": len(everything), "sameIds": same}


def wrong_key(client: AuthenticatedClient) -> dict[str, Any]:
    """Sends a key in the wrong case."""
    wrong = record_input({"Supplier": "Ouse Paper"})
    refused = create_record.sync_detailed(COLLECTION, client=client, body=wrong)
    return refusal("create a record with a wrong key", refused, HTTPStatus.BAD_REQUEST)
