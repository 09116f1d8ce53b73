"""What stands in the way of somebody who reads or works in another way, on a page as it is now.

axe-core looks for what WCAG 2.0, 2.1 and 2.2 ask at levels A and AA; of focus it says little, so
that is looked at here: each thing that can have it shows it (2.4.7) and is not hidden by what
lies over it (2.4.11).
"""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WHOLE = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
}
# Another colour scheme changes colours only.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
GRAVE = ("serious", "critical")
# The navigation is the same on each page: looked at once it need not be looked at again.
BUT_NAVIGATION = {"exclude": [[".cw-side"]]}

# Colours that pass into each other are at their end; what is hidden would never come there.
SETTLED = """() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .forEach((one) => one.finish())"""
# Also where the page is on its way to a field that takes the focus by itself.
TO_THE_TOP = """async () => {
  document.documentElement.style.scrollBehavior = 'auto';
  do {
    scrollTo(0, 0);
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  } while (scrollY);
}"""
# Focus is put on each thing in turn, there and back: a bar hides what comes from above or below.
FOCUS = """(without) => {
  const wanted = 'a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, '
    + 'textarea:enabled, summary, [tabindex]';
  const look = ({ outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor }) =>
    [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join();
  const around = (it) => [it, it.parentElement, it.nextElementSibling,
    it.closest('label, tr, .cw-card')].filter(Boolean);
  const looks = (it) => around(it).map((one) => look(getComputedStyle(one))).join('|');
  const name = (it) => `${it.tagName.toLowerCase()}.${it.className} `
    + (it.ariaLabel || it.name || it.textContent).trim().slice(0, 40);
  const over = (it) => {
    const box = it.getBoundingClientRect();
    if (!box.width || !box.height) return null;
    const tops = [[0.5, 0.5], [0.02, 0.5], [0.98, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) =>
      document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
    const isIt = (top) => top
      && (it.contains(top) || top.contains(it) || it.labels?.[0]?.contains(top));
    const first = tops[0] ? name(tops[0]) : 'the edge';
    return tops.some(isIt) ? null : `${first} at ${Math.round(box.left)}, ${Math.round(box.top)}`;
  };
  const lookForBars = (it) => {
    if (document.activeElement !== it || !over(it)) return;
    told.push(`hidden when it has the focus: ${name(it)}, behind ${over(it)}`);
  };
  const root = document.querySelector('dialog[open]') ?? document;
  const all = [...root.querySelectorAll(wanted)].filter((it) => it.tabIndex >= 0
    && it.checkVisibility({ visibilityProperty: true }) && !it.closest(without));
  const told = [];
  document.documentElement.style.scrollBehavior = 'auto';
  for (const it of all) {
    document.activeElement?.blur();
    const still = look(getComputedStyle(it));
    it.focus();
    if (document.activeElement !== it) continue;
    // Most show it themselves; of few it is what is around them.
    if (look(getComputedStyle(it)) === still) {
      const focused = looks(it);
      it.blur();
      if (looks(it) === focused) told.push(`no visible focus: ${name(it)}`);
      it.focus();
    }
    lookForBars(it);
  }
  for (const it of all.reverse()) {
    it.focus();
    lookForBars(it);
  }
  return told;
}"""


def faults(
    page: Page, options: dict[str, Any] = WHOLE, context: dict[str, Any] | None = None
) -> list[str]:
    """What axe calls serious or critical, each with where it is and how to mend it."""
    # A bar that lies over the page does so at each place of it; axe looks at this one alone.
    page.evaluate(TO_THE_TOP)
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    given = ", ".join(json.dumps(one) for one in (context or {"include": [["html"]]}, options))
    response = page.evaluate(f"axe.run({given})")
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def in_the_dark(page: Page, context: dict[str, Any] | None = None) -> list[str]:
    """The same of the colours of the dark scheme, on the page as it is open; it is light after."""
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    found = faults(page, COLOURS, context)
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    return [f"dark: {one}" for one in found]


def lost_focus(page: Page, without: str = "iframe") -> list[str]:
    """What can be reached by key and does not show it, or is hidden then."""
    page.keyboard.press("Tab")  # focus shows for who works by key
    found: list[str] = page.evaluate(FOCUS, without)
    return found


def all_faults(page: Page, with_navigation: bool = True, dark: bool = True) -> list[str]:
    """All of these, light and (where it is asked for) dark, of the page as it is open now."""
    context = None if with_navigation else BUT_NAVIGATION
    seen = [*faults(page, WHOLE, context), *(in_the_dark(page, context) if dark else ())]
    return [*seen, *lost_focus(page, "iframe" if with_navigation else ".cw-side")]
