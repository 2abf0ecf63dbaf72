import { describe, expect, it } from "vitest";
import { shortcutOf } from "./shortcuts";

function press(code: string, change: KeyboardEventInit = {}, target: Element = document.body) {
  const event = new KeyboardEvent("keydown", { code, key: code.slice(3), ...change });
  Object.defineProperty(event, "target", { value: target });
  return shortcutOf(event);
}

describe("shortcutOf", () => {
  it("knows the keys by their place, in every layout", () => {
    expect(press("KeyM", { key: "m" })).toBe("microphone");
    expect(press("KeyM", { key: "ь" })).toBe("microphone");
    expect(press("KeyV")).toBe("camera");
    expect(press("F6", { key: "F6" })).toBe("regions");
    expect(press("F6", { key: "F6", shiftKey: true })).toBe("regions");
    expect(press("Slash", { key: "?", shiftKey: true })).toBe("help");
  });

  it("asks for nothing while another key is held, or this one repeats", () => {
    for (const held of ["ctrlKey", "metaKey", "altKey", "shiftKey", "repeat"] as const) {
      expect(press("KeyM", { [held]: true })).toBeNull();
    }
  });

  it("never acts while somebody types", () => {
    for (const tag of ["input", "textarea", "select"]) {
      expect(press("KeyM", {}, document.createElement(tag))).toBeNull();
    }
    const text = document.createElement("div");
    text.setAttribute("contenteditable", "");
    expect(press("KeyM", {}, text)).toBeNull();
  });

  it("acts on buttons and sliders", () => {
    expect(press("KeyM", {}, document.createElement("button"))).toBe("microphone");
    const slider = document.createElement("input");
    slider.type = "range";
    expect(press("KeyM", {}, slider)).toBe("microphone");
  });
});
