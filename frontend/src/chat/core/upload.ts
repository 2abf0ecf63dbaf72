/** Sends a file and tells how much of it has gone: fetch cannot. */

import { uploadTarget } from "../../api/client";
import { ProblemError, readProblem } from "../../api/problem";

export function uploadFile<Answer>(
  path: string,
  file: File,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new DOMException("Taken back.", "AbortError"));
      return;
    }
    const { address, csrf } = uploadTarget(path);
    const sending = new XMLHttpRequest();
    sending.open("POST", address);
    sending.setRequestHeader("Accept", "application/json");
    sending.setRequestHeader("X-CSRFToken", csrf);
    sending.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    sending.onload = () => void answerOf<Answer>(sending).then(resolve, reject);
    sending.onerror = () => reject(offline());
    sending.ontimeout = () => reject(offline());
    sending.onabort = () => reject(new DOMException("Taken back.", "AbortError"));
    signal?.addEventListener("abort", () => sending.abort(), { once: true });
    const form = new FormData();
    form.append("file", file, file.name);
    sending.send(form);
  });
}

function offline(): ProblemError {
  return new ProblemError({ code: "offline", status: 0, title: "No answer came." });
}

async function answerOf<Answer>(sent: XMLHttpRequest): Promise<Answer> {
  const { status, responseText } = sent;
  if (status >= 200 && status < 300) return JSON.parse(responseText) as Answer;
  const retryAfter = sent.getResponseHeader("Retry-After");
  const headers = new Headers(retryAfter ? { "Retry-After": retryAfter } : {});
  // A status that no answer has, as a proxy's own page may come with.
  const known = status >= 400 && status <= 599 ? status : 500;
  throw new ProblemError(await readProblem(new Response(responseText, { status: known, headers })));
}
