"""What is written, as a person sees it: the field, the messages, and what can be done with them."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

KEYS = {
    "en": {
        "reply": "Reply", "edit": "Edit", "pin": "Pin", "delete": "Delete", "more": "More", "react": "React",
        "edited": "edited", "deleted": "This message was deleted",
    },
    "ru": {
        "reply": "Ответить", "edit": "Изменить", "pin": "Закрепить", "delete": "Удалить", "more": "Ещё",
        "react": "Отозваться", "edited": "изменено", "deleted": "Сообщение удалено",
    },
}  # fmt: skip


class Chat:
    """A conversation on somebody's page: a text channel, or the panel of a call."""

    def __init__(self, page: Page, place: str = "channel", language: str = "en") -> None:
        self.page = page
        self.root = page.locator(f".nz-chat-{place}")
        self.words = KEYS[language]

    @property
    def field(self) -> Locator:
        return self.root.locator("textarea.nz-composer-field")

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """A message by what stands in it, once the server has it."""
        content = self.page.locator(".nz-message-content").filter(has_text=text)
        return self.root.locator("li[data-message]").filter(has=content)

    def pending(self, text: str) -> Locator:
        """One's own, which the server does not have yet."""
        return self.root.locator("li[data-pending]").filter(has_text=text)

    def write(self, text: str) -> None:
        """Write by the keyboard; on a phone Enter begins a new line, so the key is pressed."""
        self.field.fill(text)
        self.root.locator(".nz-send").click()

    def send(self, text: str) -> None:
        """Write, and see that the server has it."""
        self.write(text)
        self.sees(text)

    def sees(self, text: str | re.Pattern[str], times: int = 1) -> None:
        expect(self.message(text)).to_have_count(times)

    def act(self, text: str, key: str) -> None:
        """Point at a message and press one of its keys, in its menu if it is not beside it."""
        message = self.message(text)
        message.scroll_into_view_if_needed()
        message.hover()
        keys = message.get_by_role("toolbar")
        name = re.compile(f"^{self.words[key]}")
        direct = keys.get_by_role("button", name=name)
        if direct.count():
            direct.click()
            return
        keys.get_by_role("button", name=self.words["more"]).click()
        self.page.get_by_role("menuitem", name=name).click()

    def react(self, text: str, words: str, emoji: str) -> None:
        """Choose an emoji by looking for its name."""
        self.act(text, "react")
        picker = self.page.locator(".nz-emoji")
        picker.get_by_role("combobox").fill(words)
        picker.locator(f'[data-emoji^="{emoji}"]').first.click()

    def delete(self, text: str) -> None:
        self.act(text, "delete")
        self.page.get_by_role("alertdialog").or_(self.page.get_by_role("dialog")).get_by_role(
            "button", name=self.words["delete"], exact=True
        ).click()

    def tombstones(self) -> Locator:
        return self.root.locator(".nz-tombstone").filter(has_text=self.words["deleted"])

    def reaction(self, text: str, emoji: str) -> Locator:
        return self.message(text).locator(".nz-reaction").filter(has_text=emoji)

    def attach(self, *files: Path) -> None:
        self.root.locator("input[type=file]").set_input_files([str(file) for file in files])
