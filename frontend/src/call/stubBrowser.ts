/** What jsdom lacks of a browser. Sizes are those of a desktop's stage. */

import { vi } from "vitest";

export function stubBrowser(phone = false): void {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: phone && query.includes("max-width"),
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
  vi.stubGlobal("ResizeObserver", SilentObserver);
  vi.stubGlobal("IntersectionObserver", SilentObserver);
  Element.prototype.animate = vi.fn(() => ({ cancel: vi.fn() }) as unknown as Animation);
  HTMLMediaElement.prototype.load = vi.fn();
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  HTMLCanvasElement.prototype.getContext = vi.fn();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(phone ? 374 : 1416);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(phone ? 712 : 812);
}

class SilentObserver {
  observe = vi.fn();
  disconnect = vi.fn();
}
