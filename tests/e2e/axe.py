"""axe-core on the page as it stands: WCAG 2.2 A and AA."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """
async (tags) => {
  const result = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return result.violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
"""
SETTLED = """
() => document.getAnimations().every((animation) =>
  animation.playState !== "running" || animation.effect.getComputedTiming().iterations === Infinity)
"""


def findings(page: Page) -> list[str]:
    """What axe finds, once nothing moves any more (half-faded words have half their contrast)."""
    page.wait_for_function(SETTLED)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(SCRIPT.read_text())
    return list(page.evaluate(RUN, TAGS))
