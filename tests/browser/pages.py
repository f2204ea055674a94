"""What is asserted of every page; which pages there are says test_pages.py."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOKS = {
    "light": {"color_scheme": "light", "width": 1280},
    "dark": {"color_scheme": "dark", "width": 1280},
    "phone": {"color_scheme": "light", "width": 390},
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]},
    "rules": {"target-size": {"enabled": True}},  # axe leaves it out unless told
}


# In the dark the tree is the one that was judged in the light; only its colors differ.
COLORS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


def show(page: Page, look: str) -> None:
    """Show a page as one of the LOOKS."""
    page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
    page.set_viewport_size({"width": LOOKS[look]["width"], "height": 844})


def assert_accessible(page: Page, look: str = "light") -> None:
    """Let axe judge the page as it is now, by WCAG 2.2 A and AA and by best practice."""
    rules = COLORS if look == "dark" else RULES
    if page.evaluate("typeof axe") == "undefined":  # once for each page that is loaded
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("rules => axe.run(rules).then(found => found.violations)", rules)
    complaints = [
        f"{violation['id']}: {violation['help']}\n    {node['html']}\n    {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not complaints, "\n".join([f"axe at {page.url}", *complaints])


def assert_no_sideways_scroll(page: Page) -> None:
    """Make sure that the page is no wider than its window."""
    root = "document.documentElement"
    beyond = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    assert beyond <= 0, f"{page.url} is {beyond} px too wide"


# Of each cell that a phone shows as a line of a card: what is hidden, or without its column's name.
UNTOLD = """
[...document.querySelectorAll("table.table")].flatMap(table => {
  const names = [...table.tHead.rows[0].cells].map(
    cell => cell.querySelector(".ui-spoken") ? "" : cell.textContent.trim());
  return [...table.tBodies[0].rows].flatMap(row => [...row.cells].flatMap((cell, column) => {
    if (!cell.textContent.trim() || !row.checkVisibility()) return [];
    if (!cell.checkVisibility()) return [`hidden: ${cell.outerHTML}`];
    const isLine = table.classList.contains("ui-cards") && column && cell.colSpan == 1;
    if (!isLine || cell.dataset.label == names[column] || !names[column]) return [];
    return [`not data-label="${names[column]}": ${cell.outerHTML}`];
  }));
})
"""
CUT = """
[...document.querySelectorAll(".ui-table-scroll")]
  .filter(box => box.scrollWidth > box.clientWidth)
  .map(box => `cut: ${box.outerHTML.slice(0, 300)}`)
"""


def assert_tables_fit(page: Page) -> None:
    """Make sure that a phone shows each value of a table, under the name of its column."""
    untold = page.evaluate(UNTOLD) + page.evaluate(CUT)
    assert not untold, "\n".join([f"Tables at {page.url}", *untold])


def assert_good(page: Page) -> None:
    """Assert both, in every look."""
    for look in LOOKS:
        show(page, look)
        assert_accessible(page, look)
        assert_no_sideways_scroll(page)
