"""Navigation menus of a WordPress export as records."""

from __future__ import annotations

from collections.abc import Iterator

from app.importers import html
from app.importers.wordpress.export import Element
from app.importers.wordpress.index import Index, Target
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
    key = meta.get("_menu_item_object_id", "")
    # The ids of terms and of posts are counted apart: a category may have the number of a post.
    target = index.targets.get(key) if meta.get("_menu_item_type") == "post_type" else None
    label = html.to_text(item.get("title")) or (target.title if target else "")
    url = target.link if target else meta.get("_menu_item_url", "")
    if cause := _cause(label, url, target):
        yield Note(place, f"menu entry `{label}`", cause)
        return
    if meta.get("_menu_item_menu_item_parent", "0") not in ("", "0"):
        yield Note(
            place,
            f"menu entry `{label}`",
            "menus have one level: it stands beside its parent",
            dropped=False,
        )
    if target and target.kind == "page":
        yield NavigationRecord(label, page_key=key)
    else:
        yield NavigationRecord(label, url=url)


def _cause(label: str, url: str, target: Target | None) -> str | None:
    """Why an entry stays out. That of a hidden page comes in: it is shown once the page is."""
    if target and not (target.comes_in if target.kind == "page" else target.is_public):
        return f"its {target.kind} is not public"
    return "it leads nowhere" if not label or url in ("", "#") else None


def _menu(entry: Element) -> str:
    terms = (term for term in entry.all("category") if term.attributes.get("domain") == "nav_menu")
    return next((term.attributes.get("nicename", "") for term in terms), "")


def _order(entry: Element) -> int:
    order = entry.get("wp:menu_order")
    return int(order) if order.isascii() and order.isdigit() else 0
