"""The calls of Kinabase."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from kinabase_api import (
    ApiClient,
    AuthApi,
    BulkRecordDeletion,
    BulkRecordInput,
    BulkRecordsApi,
    Configuration,
    Error,
    Record,
    RecordInput,
    RecordsApi,
    SecretCredentials,
    TokenRequest,
)
from kinabase_api.exceptions import ApiException, BadRequestException, NotFoundException

COLLECTION = "purchase-orders"  # the sandbox has it
# Finds the records again that create_records adds: its answer has no ids.
MARK = "bulk, from another language"

# A record as the 2023 edition of the API had it: its values stand beside its id. It is the
# sample of the vendor's guide.
RECORD_2023 = """{"name": "record1", "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "recordId": 1,
    "createdAt": "18/08/2023 12:28:21 +00:00", "updatedAt": "18/08/2023 12:28:21 +00:00", "updatedBy": ""}"""


def call_kinabase(base_url: str, app_id: str, app_secret: str) -> dict[str, Any]:
    # works(token-request): TokenRequest
    credentials = TokenRequest(SecretCredentials(appId=app_id, secret=app_secret))
    token = AuthApi(connect(base_url)).create_token(credentials).token
    client = connect(base_url, token)
    api = RecordsApi(client)
    pages, records = read_collection(api)
    created, nulled, gone = live_and_die(api)
    bulk, bulk_deleted = in_bulk(api, BulkRecordsApi(client))
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
        "all": compare_all(api, records),
        "wrongKey": wrong_key(api),
    }


def connect(base_url: str, token: str | None = None) -> ApiClient:
    """Returns a client that tries nothing twice: by itself it repeats what may have been done."""
    return ApiClient(Configuration(host=base_url, access_token=token, retries=0))


def read_collection(api: RecordsApi) -> tuple[list[dict[str, Any]], list[Record]]:
    """Reads the collection page by page, and all records of it."""
    pages: list[dict[str, Any]] = []
    records: list[Record] = []
    while True:
        page = api.list_records(COLLECTION, page_index=len(pages), page_size=10)
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
        "updatedAt": record.updated_at,
        "external": [link.to_dict() for link in record.external] if record.external else None,
    }


def values(record: Record) -> dict[str, Any]:
    return record.data or {}


def read_record_2023() -> dict[str, Any]:
    """Decodes the sample with the model that decodes today's records."""
    # works(record): Record
    record = Record.from_json(RECORD_2023)
    if record is None:
        raise SystemExit("the sample of a record is null")
    return {
        "id": record.id,
        "recordId": record.record_id,
        "updatedAt": record.updated_at,
        "unknown": record.additional_properties,
    }


def live_and_die(api: RecordsApi) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Creates a record, empties a field of it, and deletes it."""
    sent = {"supplier": "Ouse Paper", "total": 1250.5, "orderedOn": "2026-03-02"}
    record_id = api.create_record(COLLECTION, RecordInput(data=sent)).id
    created = read_back(api, record_id, sent)

    # works(null-in-patch): RecordInput
    api.update_record(COLLECTION, record_id, RecordInput(data={"total": None}))
    nulled = read_back(api, record_id, sent)

    api.delete_record(COLLECTION, record_id)
    gone = refusal("get a deleted record", NotFoundException, lambda: api.get_record(COLLECTION, record_id))
    return created, nulled, gone


def read_back(api: RecordsApi, record_id: str, sent: Iterable[str]) -> dict[str, Any]:
    """Reads a record, and keeps the values of the keys that were sent."""
    stored = values(api.get_record(COLLECTION, record_id))
    return {"data": {key: stored.get(key) for key in sent}}


def refusal(operation: str, kind: type[ApiException], call: Callable[[], object]) -> dict[str, Any]:
    """Makes a call that the server has to refuse, and tells how it did."""
    try:
        call()
    except kind as refused:
        if isinstance(refused.data, Error):
            return {"status": refused.status, "error": refused.data.error}
        raise
    raise SystemExit(f"{operation}: it was answered, want a refusal")


def in_bulk(api: RecordsApi, bulk_api: BulkRecordsApi) -> tuple[dict[str, Any], int]:
    """Adds three records of which one is wrong, then three good ones, and deletes those."""
    good = RecordInput(data={"supplier": "Cam Bearings", "total": 12, "notes": MARK})
    wrong = RecordInput(data={"supplier": "Cam Bearings", "Total": 12, "notes": MARK})
    # works(bulk): BulkRecordInput
    some_wrong = BulkRecordInput(records=[good, wrong, good])
    refused = refusal(
        "create records, one of them wrong",
        BadRequestException,
        lambda: bulk_api.create_records(COLLECTION, some_wrong),
    )
    all_good = BulkRecordInput(records=[good, good, good])
    added = bulk_api.create_records_with_http_info(COLLECTION, all_good)
    marked = find_marked(api)
    bulk = {"refused": refused, "status": added.status_code, "created": len(marked)}

    # works(delete-with-body): delete_records
    bulk_api.delete_records(COLLECTION, BulkRecordDeletion(recordIds=marked))
    return bulk, len(marked) - len(find_marked(api))


def find_marked(api: RecordsApi) -> list[str]:
    """Returns the ids of the records that carry the mark."""
    return [record.id for record in read_all(api) if values(record).get("notes") == MARK]


def read_all(api: RecordsApi) -> list[Record]:
    # works(array-response): list_all_records
    return api.list_all_records(COLLECTION)


def compare_all(api: RecordsApi, paged: list[Record]) -> dict[str, Any]:
    """Holds the whole collection against what its pages had."""
    everything = read_all(api)
    same = Counter(record.id for record in everything) == Counter(record.id for record in paged)
    return {"count": len(everything), "sameIds": same}


def wrong_key(api: RecordsApi) -> dict[str, Any]:
    """Sends a key in the wrong case."""
    wrong = RecordInput(data={"Supplier": "Ouse Paper"})
    return refusal(
        "create a record with a wrong key",
        BadRequestException,
        lambda: api.create_record(COLLECTION, wrong),
    )
