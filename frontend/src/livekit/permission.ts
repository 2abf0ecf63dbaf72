/** Whether the browser lets this page use a device; some browsers do not tell. */

export type AskedDevice = "microphone" | "camera";

export async function isDenied(device: AskedDevice): Promise<boolean> {
  return (await ask(device))?.state === "denied";
}

/** Calls back once, as soon as a denied device is no longer denied. Gives back what stops it. */
export function whenAllowed(device: AskedDevice, allowed: () => void): () => void {
  const watching = new AbortController();
  void ask(device).then((status) => {
    status?.addEventListener(
      "change",
      () => {
        if (status.state === "denied") return;
        watching.abort();
        allowed();
      },
      { signal: watching.signal },
    );
  });
  return () => watching.abort();
}

function ask(device: AskedDevice): Promise<PermissionStatus | null> {
  const permissions = (navigator as Partial<Navigator>).permissions;
  if (!permissions) return Promise.resolve(null);
  return permissions.query({ name: device }).catch(() => null);
}
