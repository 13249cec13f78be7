"""The calls of KaiNexus."""

import base64
import io
from typing import Any

import httpx
from answer import want
from kainexus_api import AuthenticatedClient
from kainexus_api.api.charts import export_charts, import_charts
from kainexus_api.api.items import get_item, list_items, put_item
from kainexus_api.api.o_auth import request_token
from kainexus_api.models import (
    AccessToken,
    ChartImportEntry,
    ChartImportUpload,
    ClientCredentialsGrant,
    Error,
    GrantType,
    Item,
    ItemEnvelope,
    ItemPage,
    ItemStatus,
    ItemWrite,
    LocationRef,
    PersonRef,
    WriteResult,
)
from kainexus_api.types import File

# The sandbox has the list and the Card.
ITEM_LIST = 640
CHART_LIST = 655
UNSEEN = 999999  # no item
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def call_kainexus(base_url: str, api_key: str, client_id: str, client_secret: str) -> dict[str, Any]:
    with basic_client(base_url, "api", api_key) as client:
        pages, items = read_list(client)
        with bearer_client(base_url, client_id, client_secret) as with_token:
            again, _ = read_list(with_token)
        created, read = create_item(client)
        workbook, imported = move_charts(client)
        return {
            "pages": pages,
            "first": describe(items[0]),
            "oauthSeesTheSame": again == pages,
            "created": created,
            "read": read,
            "forbidden": get_unseen_item(client),
            "workbook": workbook,
            "imported": imported,
        }


def connect(base_url: str, token: str, prefix: str) -> AuthenticatedClient:
    # Without a timeout of its own, a generated client waits forever.
    return AuthenticatedClient(
        base_url, token, prefix=prefix, timeout=httpx.Timeout(30), raise_on_unexpected_status=True
    )


def basic_client(base_url: str, user: str, password: str) -> AuthenticatedClient:
    # workaround(basic-auth): prefix: the client sends a token behind a prefix, so join and encode
    # user and password yourself.
    pair = f"{user}:{password}".encode()
    return connect(base_url, token=base64.b64encode(pair).decode(), prefix="Basic")


def bearer_client(base_url: str, client_id: str, client_secret: str) -> AuthenticatedClient:
    # works(oauth-token): ClientCredentialsGrant
    grant = ClientCredentialsGrant(grant_type=GrantType.CLIENT_CREDENTIALS)
    with basic_client(base_url, client_id, client_secret) as client:
        token = want("request token", request_token.sync(client=client, body=grant), AccessToken)
    return connect(base_url, token=token.access_token, prefix="Bearer")


def read_list(client: AuthenticatedClient) -> tuple[list[dict[str, Any]], list[Item]]:
    """Reads the list page by page, and all items of it."""
    pages: list[dict[str, Any]] = []
    items: list[Item] = []
    while True:
        # works(list-items): ItemPage
        parsed = list_items.sync(client=client, id=ITEM_LIST, offset=len(items), limit=10)
        page = want("list items", parsed, ItemPage)
        pages.append(
            {
                "offset": page.offset,
                "count": page.count,
                "totalCount": page.total_count,
                "ids": [item.id for item in page.items],
            }
        )
        items += page.items
        if page.count == 0 or page.offset + page.count >= page.total_count:
            return pages, items


# A status that the description does not list fails the page that it is on.
# works(item): Item
def describe(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "summary": item.summary,
        "status": item.status,
        # works(vendor-timestamp): create_date
        "createDate": item.create_date,
        "lastUpdateDate": item.last_update_date,
        "authors": [author.username for author in item.authors or []],
        "unknown": sorted(item.additional_properties),
    }


def create_item(client: AuthenticatedClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Makes an item with a property that the description does not declare, and reads it back."""
    item = Item(
        template_id=45,
        template_name="Idea",
        summary="From another language",
        status=ItemStatus.NEW,
        authors=[PersonRef(username="jdoe")],
        responsible_locations=[LocationRef(id=70)],
        suppress_notifications=True,
    )
    # works(open-object): additional_properties
    item.additional_properties["shiftPattern"] = "early"
    # works(put-item): ItemWrite
    written = want("put item", put_item.sync(client=client, body=ItemWrite(item=item)), WriteResult)
    outcome = written.results[0]

    stored = want("get item", get_item.sync(client=client, id=outcome.id), ItemEnvelope).item
    created = {"success": written.success, "operation": outcome.operation}
    read = {
        "summary": stored.summary,
        "status": stored.status,
        "shiftPattern": stored.additional_properties["shiftPattern"],
        "unknown": sorted(stored.additional_properties),
    }
    return created, read


def get_unseen_item(client: AuthenticatedClient) -> dict[str, Any]:
    response = get_item.sync_detailed(client=client, id=UNSEEN)
    # works(typed-error): Error
    denied = want("get an item that nobody sees", response.parsed, Error)
    return {"status": response.status_code, "errorCode": denied.error_code}


def move_charts(client: AuthenticatedClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Exports a workbook, and imports the same one."""
    # workaround(binary-download): File: have config.yaml call the workbook an octet stream, or the
    # answer is left out of the client.
    exported = want("export charts", export_charts.sync(client=client, id=CHART_LIST), File)
    workbook = exported.payload.read()

    # works(multipart): ChartImportUpload
    upload = ChartImportUpload(file=File(io.BytesIO(workbook), "charts.xlsx", WORKBOOK))
    report = want("import charts", import_charts.sync(client=client, body=upload), list)
    failures = [entry for entry in report if isinstance(entry, ChartImportEntry) and entry.failure]
    return {"startsWith": workbook[:2].decode()}, {"failures": len(failures)}
