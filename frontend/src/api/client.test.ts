// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiPath, configureApi, request } from "./client";
import { ProblemError } from "./problem";

const fetchMock = vi.fn<typeof fetch>();

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
}

async function refusal(promise: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof ProblemError) return error;
  throw new Error("It was not refused.");
}

beforeEach(() => {
  fetchMock.mockReset();
  vi.stubGlobal("fetch", fetchMock);
  configureApi({ api: "/api/v1/", csrf_cookie: "nonza_csrf" });
  document.cookie = "nonza_csrf=a%3Db";
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function sentInit(): RequestInit & { headers: Headers } {
  return fetchMock.mock.calls[0]?.[1] as RequestInit & { headers: Headers };
}

describe("request", () => {
  it("reads JSON with the credentials of this origin and without a CSRF header", async () => {
    fetchMock.mockResolvedValue(answer(200, { slug: "x" }));
    expect(await request("sessions/x/")).toEqual({ slug: "x" });
    expect(fetchMock.mock.calls[0]?.[0]).toBe("/api/v1/sessions/x/");
    expect(sentInit().credentials).toBe("same-origin");
    expect(sentInit().headers.has("X-CSRFToken")).toBe(false);
  });

  it("sends the cookie's value as X-CSRFToken and the key on unsafe requests", async () => {
    fetchMock.mockResolvedValue(answer(204, null));
    const sent = await request("x/", { method: "POST", body: { a: 1 }, idempotencyKey: "k" });
    expect(sent).toBeUndefined();
    expect(sentInit().headers.get("X-CSRFToken")).toBe("a=b");
    expect(sentInit().headers.get("Idempotency-Key")).toBe("k");
    expect(sentInit().body).toBe('{"a":1}');
  });

  it("turns problem+json into a ProblemError", async () => {
    fetchMock.mockResolvedValue(
      answer(429, {
        type: "/problems/rate_limited",
        code: "rate_limited",
        status: 429,
        title: "Too many tries.",
        detail: "",
        retry_after: 40,
      }),
    );
    const error = await refusal(request("x/"));
    expect(error).toMatchObject({ code: "rate_limited", status: 429, retryAfter: 40 });
  });

  it("keeps the fields that were refused", async () => {
    const errors = [{ pointer: "/display_name", code: "blank", detail: "Empty." }];
    fetchMock.mockResolvedValue(answer(400, { code: "invalid", status: 400, title: "", errors }));
    expect((await refusal(request("x/"))).errors).toEqual(errors);
  });

  it("reads Retry-After where a proxy answered in its own words", async () => {
    fetchMock.mockResolvedValue(
      new Response("<html>", { status: 503, headers: { "Retry-After": "7" } }),
    );
    expect(await refusal(request("x/"))).toMatchObject({ code: "unavailable", retryAfter: 7 });
  });

  it("calls a network failure offline", async () => {
    fetchMock.mockRejectedValue(new TypeError("Failed to fetch"));
    expect(await refusal(request("x/"))).toMatchObject({ code: "offline", status: 0 });
  });

  it("lets its caller call it off", async () => {
    const off = new AbortController();
    fetchMock.mockImplementation((_, init) => {
      off.abort(new DOMException("off", "AbortError"));
      return Promise.reject(init?.signal?.reason as Error);
    });
    await expect(request("x/", { signal: off.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

it("finds the API path in an address that is written out in full", () => {
  expect(apiPath("http://localhost:8000/api/v1/sessions/x/participants/?cursor=c")).toBe(
    "sessions/x/participants/?cursor=c",
  );
});
