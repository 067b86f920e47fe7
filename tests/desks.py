"""The desk of the reading room, for tests in a browser."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT: Final = """江上的冬天

清早，重庆(zhòngqìng)的长(cháng)街上飘着茶香。银行的行长来了，他说：“今天下雪。”

下午，少年们在公园里跳绳。重庆的天黑了，船亮起了灯。

责任编辑：王芳
"""
_NUMBERS: Final = count(1)


def paste(page: Page, text: str = "") -> str:
    """Paste an article, each time another one, and wait until it can be read."""
    text = text or TEXT.replace("冬天", f"冬天 {next(_NUMBERS)}")
    page.get_by_label("Paste an article").fill(text)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("article ruby").first).to_be_visible()
    return text
