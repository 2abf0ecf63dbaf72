/** One audio context for all meters and tests of the page, closed when nobody uses it. */

let context: AudioContext | null = null;
let users = 0;

export function takeSoundContext(): AudioContext {
  context ??= new AudioContext();
  users += 1;
  return context;
}

export function releaseSoundContext(): void {
  users -= 1;
  if (users > 0 || !context) return;
  void context.close();
  context = null;
}
