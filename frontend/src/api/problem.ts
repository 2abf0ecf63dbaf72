/** A refusal of the server, or of the way to it, that callers tell apart by `code`. */

export type FieldProblem = { pointer: string; code: string; detail: string };

/** The body of an `application/problem+json` answer. */
export type Problem = {
  type?: string;
  code: string;
  status: number;
  title: string;
  detail?: string;
  errors?: FieldProblem[];
  retry_after?: number;
};

export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldProblem[];
  /** Seconds to wait before the next try, where the server said so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.title}`);
    this.name = "ProblemError";
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail ?? "";
    this.errors = problem.errors ?? [];
    this.retryAfter = problem.retry_after ?? null;
  }
}

/** The code of any error; "offline" means that no answer came, "unexpected" that it is no refusal. */
export function problemCode(error: unknown): string {
  return error instanceof ProblemError ? error.code : "unexpected";
}

/** Reads a refusal, also one that a proxy wrote in its own words. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said = isProblem(body) ? body : null;
  const retryAfter =
    said?.retry_after ?? Number.parseFloat(response.headers.get("Retry-After") ?? "");
  return {
    type: said?.type ?? "about:blank",
    code: said?.code ?? (response.status >= 500 ? "unavailable" : "unexpected"),
    status: response.status,
    title: said?.title ?? response.statusText,
    detail: said?.detail ?? "",
    errors: said?.errors ?? [],
    ...(Number.isFinite(retryAfter) ? { retry_after: retryAfter } : {}),
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && typeof (body as Problem).code === "string";
}
