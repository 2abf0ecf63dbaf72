import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { alertOf, alertState, onAlertState, switchAlerts } from "./mentionAlerts";

const shown: FakeNotification[] = [];
let answer: NotificationPermission = "granted";

class FakeNotification {
  static permission: NotificationPermission = "default";
  static requestPermission = vi.fn(() => {
    FakeNotification.permission = answer;
    return Promise.resolve(answer);
  });
  onclick: (() => void) | null = null;
  close = vi.fn();
  constructor(
    readonly title: string,
    readonly options: { body: string; tag: string },
  ) {
    shown.push(this);
  }
}

const alert = { title: "Marta mentioned you", body: "x".repeat(500), tag: "session" };

beforeEach(() => {
  shown.length = 0;
  answer = "granted";
  FakeNotification.permission = "default";
  FakeNotification.requestPermission.mockClear();
  vi.stubGlobal("Notification", FakeNotification);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("nobody is asked until they press, and nothing is shown", () => {
  alertOf(alert);
  expect(alertState()).toBe("off");
  expect(FakeNotification.requestPermission).not.toHaveBeenCalled();
  expect(shown).toHaveLength(0);
});

it("once allowed they come while the page is out of sight, and lead back to it", async () => {
  const listener = vi.fn();
  const off = onAlertState(listener);
  expect(await switchAlerts(true)).toBe("on");
  off();
  expect(listener).toHaveBeenCalledOnce();
  const onPress = vi.fn();
  alertOf({ ...alert, onPress });
  expect(shown[0]).toMatchObject({ title: "Marta mentioned you", options: { tag: "session" } });
  expect(shown[0]!.options.body).toHaveLength(140);
  vi.spyOn(window, "focus").mockReturnValue();
  shown[0]!.onclick?.();
  expect(onPress).toHaveBeenCalledOnce();
  vi.mocked(document, { partial: true });
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("visible");
  alertOf(alert);
  expect(shown).toHaveLength(1);
});

it("a no of the person, or of the browser, is kept", async () => {
  await switchAlerts(true);
  expect(await switchAlerts(false)).toBe("off");
  alertOf(alert);
  answer = "denied";
  expect(await switchAlerts(true)).toBe("denied");
  alertOf(alert);
  expect(shown).toHaveLength(0);
  vi.stubGlobal("Notification", undefined);
  Reflect.deleteProperty(globalThis, "Notification");
  expect(await switchAlerts(true)).toBe("unsupported");
});
