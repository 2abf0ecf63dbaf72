/** Whether the browser already lets this page use microphone and camera. */
import { useEffect, useState } from "react";

export type Permission = "unknown" | "prompt" | "granted" | "denied";
export type Permissions = { microphone: Permission; camera: Permission };

export function usePermissions(): Permissions {
  const [permissions, setPermissions] = useState<Permissions>({
    microphone: "unknown",
    camera: "unknown",
  });
  useEffect(() => {
    const watching = new AbortController();
    for (const name of ["microphone", "camera"] as const) {
      void watch(name, watching.signal, (permission) =>
        setPermissions((others) => ({ ...others, [name]: permission })),
      );
    }
    return () => watching.abort();
  }, []);
  return permissions;
}

async function watch(
  name: "microphone" | "camera",
  signal: AbortSignal,
  tell: (permission: Permission) => void,
): Promise<void> {
  const status = await navigator.permissions
    // Not every browser knows these two names; those will ask.
    .query({ name })
    .catch(() => null);
  if (signal.aborted) return;
  tell(status?.state ?? "prompt");
  status?.addEventListener("change", () => tell(status.state), { signal });
}
