"""Navigation menus of a WordPress export as records."""

from __future__ import annotations

from collections.abc import Iterator

from app.importers import html
from app.importers.wordpress.export import Element
from app.importers.wordpress.index import Index
from db.writes.records import NavigationRecord, Note, Place

_MAIN_NAMES = ("primary", "main", "header", "top")


def records(index: Index, entries: list[Element]) -> Iterator[NavigationRecord | Note]:
    """The entries of one menu, in order: the one named as main, else the first; a Note on the others."""
    by_menu: dict[str, list[Element]] = {}
    for entry in sorted(entries, key=_order):
        by_menu.setdefault(_menu(entry), []).append(entry)
    chosen = _main(list(by_menu), list(index.menus))
    for menu, items in by_menu.items():
        if menu == chosen:
            yield from (record for item in items for record in _entry(index, item))
        else:
            place = Place(index.file, items[0].line)
            reason = f"a publication has one menu: `{index.menus.get(chosen, chosen)}` came in"
            yield Note(place, f"menu `{index.menus.get(menu, menu)}`", reason)


def _main(menus: list[str], order: list[str]) -> str:
    named = [menu for menu in menus if any(name in menu for name in _MAIN_NAMES)]
    listed = [menu for menu in order if menu in menus]
    return next(iter([*named, *listed, *menus]), "")


def _entry(index: Index, item: Element) -> Iterator[NavigationRecord | Note]:
    meta, place = item.meta(), Place(index.file, item.line)
    kind, target = (
        meta.get("_menu_item_type"),
        index.targets.get(meta.get("_menu_item_object_id", "")),
    )
    label = html.to_text(item.get("title")) or (target.title if target else "")
    url = meta.get("_menu_item_url", "") if kind == "custom" else (target.link if target else "")
    is_page = kind == "post_type" and target is not None and target.kind == "page"
    if not label or url in ("", "#"):
        yield Note(place, f"menu entry `{label}`", "it leads nowhere")
        return
    if meta.get("_menu_item_menu_item_parent", "0") not in ("", "0"):
        yield Note(
            place,
            f"menu entry `{label}`",
            "menus have one level: it stands beside its parent",
            dropped=False,
        )
    page_key = meta["_menu_item_object_id"] if is_page else None
    yield NavigationRecord(label, url=None if is_page else url, page_key=page_key)


def _menu(entry: Element) -> str:
    terms = (term for term in entry.all("category") if term.attributes.get("domain") == "nav_menu")
    return next((term.attributes.get("nicename", "") for term in terms), "")


def _order(entry: Element) -> int:
    order = entry.get("wp:menu_order")
    return int(order) if order.isascii() and order.isdigit() else 0
