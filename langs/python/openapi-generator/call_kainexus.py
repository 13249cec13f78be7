"""The calls of KaiNexus."""

import mimetypes
from typing import Any

from kainexus_api import (
    ApiClient,
    ChartsApi,
    Configuration,
    Error,
    GrantType,
    Item,
    ItemsApi,
    ItemStatus,
    ItemWrite,
    LocationRef,
    OAuthApi,
    PersonRef,
)
from kainexus_api.exceptions import ForbiddenException

# The sandbox has the list and the Card.
ITEM_LIST = 640
CHART_LIST = 655
UNSEEN = 999999  # no item
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def call_kainexus(base_url: str, api_key: str, client_id: str, client_secret: str) -> dict[str, Any]:
    client = connect(base_url, username="api", password=api_key)
    items_api = ItemsApi(client)
    pages, items = read_list(items_api)
    again, _ = read_list(ItemsApi(bearer_client(base_url, client_id, client_secret)))
    created, read = create_item(items_api)
    workbook, imported = move_charts(ChartsApi(client))
    return {
        "pages": pages,
        "first": describe(items[0]),
        "oauthSeesTheSame": again == pages,
        "created": created,
        "read": read,
        "forbidden": get_unseen_item(items_api),
        "workbook": workbook,
        "imported": imported,
    }


def connect(
    base_url: str, username: str | None = None, password: str | None = None, access_token: str | None = None
) -> ApiClient:
    """Returns a client for one credential: it would send a token in the place of a password.

    It tries nothing twice. By itself it sends a PUT again whose answer got lost, and a PUT
    creates. A timeout is not the client's but a call's: pass _request_timeout in seconds.
    """
    # works(basic-auth): Configuration
    return ApiClient(
        Configuration(
            host=base_url, username=username, password=password, access_token=access_token, retries=0
        )
    )


def bearer_client(base_url: str, client_id: str, client_secret: str) -> ApiClient:
    # works(oauth-token): request_token
    oauth_api = OAuthApi(connect(base_url, username=client_id, password=client_secret))
    token = oauth_api.request_token(GrantType.ClientCredentials)
    return connect(base_url, access_token=token.access_token)


def read_list(api: ItemsApi) -> tuple[list[dict[str, Any]], list[Item]]:
    """Reads the list page by page, and all items of it."""
    pages: list[dict[str, Any]] = []
    items: list[Item] = []
    while True:
        # works(list-items): list_items
        page = api.list_items(id=ITEM_LIST, offset=len(items), limit=10)
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


def create_item(api: ItemsApi) -> tuple[dict[str, Any], dict[str, Any]]:
    """Makes an item with a property that the description does not declare, and reads it back."""
    # workaround(put-item): ItemWrite: build models with the names of the JSON (templateId), which
    # type checkers want, and read them by those of Python (template_id).
    item = Item(
        templateId=45,
        templateName="Idea",
        summary="From another language",
        status=ItemStatus.New,
        authors=[PersonRef(username="jdoe")],
        responsibleLocations=[LocationRef(id=70)],
        suppressNotifications=True,
    )
    # works(open-object): additional_properties
    item.additional_properties["shiftPattern"] = "early"
    written = api.put_item(ItemWrite(item=item))
    outcome = written.results[0]

    stored = api.get_item(id=outcome.id).item
    created = {"success": written.success, "operation": outcome.operation}
    read = {
        "summary": stored.summary,
        "status": stored.status,
        "shiftPattern": stored.additional_properties["shiftPattern"],
        "unknown": sorted(stored.additional_properties),
    }
    return created, read


def get_unseen_item(api: ItemsApi) -> dict[str, Any]:
    try:
        api.get_item(id=UNSEEN)
    except ForbiddenException as refused:
        # workaround(typed-error): ForbiddenException: its data is the decoded body, but of the type
        # Any, so look whether it is an Error.
        if isinstance(refused.data, Error):
            return {"status": refused.status, "errorCode": refused.data.error_code}
        raise
    raise SystemExit("get an item that nobody sees: it was answered, want 403")


def move_charts(api: ChartsApi) -> tuple[dict[str, Any], dict[str, Any]]:
    """Exports a workbook, and imports the same one."""
    # workaround(binary-download): export_charts: say that a workbook is wanted, since the client
    # asks for the JSON of the errors wherever a call has more than one media type.
    workbook = api.export_charts(id=CHART_LIST, _headers={"Accept": WORKBOOK})

    # workaround(multipart): import_charts: the part's media type is guessed from its file name, so
    # make sure that Python knows the ending.
    mimetypes.add_type(WORKBOOK, ".xlsx")
    report = api.import_charts(("charts.xlsx", workbook))
    return {"startsWith": workbook[:2].decode()}, {
        "failures": len([entry for entry in report if entry.failure])
    }
