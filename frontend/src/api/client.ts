/** HTTP to our own server: credentials of the page, CSRF, problem+json, time limits. */

import { ProblemError, readProblem } from "./problem";

export type ApiConfig = {
  /** Where the API begins, "/api/v1/". */
  api: string;
  /** Name of the cookie whose value goes into X-CSRFToken. */
  csrf_cookie: string;
};

export type RequestOptions = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  idempotencyKey?: string;
  /** Milliseconds until the answer counts as not coming. */
  timeout?: number;
  /** Lets the request outlive the page, for a leave on the way out. */
  keepalive?: boolean;
  signal?: AbortSignal;
};

const TIMEOUT = 15_000;
let config: ApiConfig = { api: "/api/v1/", csrf_cookie: "csrftoken" };

/** Called once by the entry, with what the page's configuration says. */
export function configureApi(next: ApiConfig): void {
  config = { api: next.api, csrf_cookie: next.csrf_cookie };
}

/** Sends one request and reads its JSON. Raises ProblemError for every answer but 2xx, and for none. */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await send(path, options);
  if (!response.ok) throw new ProblemError(await readProblem(response));
  if (response.status === 204) return undefined as Answer;
  return (await response.json().catch(() => {
    throw new ProblemError({ code: "unexpected", status: response.status, title: "Not JSON" });
  })) as Answer;
}

/** The path of an API address, also of one that the server wrote out in full. */
export function apiPath(address: string): string {
  const url = new URL(address, location.origin);
  const at = url.pathname.indexOf(config.api);
  return url.pathname.slice(at < 0 ? 0 : at + config.api.length) + url.search;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const method = options.method ?? "GET";
  const limit = AbortSignal.timeout(options.timeout ?? TIMEOUT);
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  try {
    return await fetch(config.api + path, {
      method,
      headers: headersOf(method, options),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.keepalive ? { keepalive: true } : {}),
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ProblemError({ code: "offline", status: 0, title: "No answer came." });
  }
}

function headersOf(method: string, options: RequestOptions): Headers {
  const headers = new Headers({ Accept: "application/json" });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET") headers.set("X-CSRFToken", readCookie(config.csrf_cookie));
  if (options.idempotencyKey) headers.set("Idempotency-Key", options.idempotencyKey);
  return headers;
}

/** Where uploads go, which fetch cannot watch, and what they must carry. */
export function uploadTarget(path: string): { address: string; csrf: string } {
  return { address: config.api + path, csrf: readCookie(config.csrf_cookie) };
}

function readCookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
