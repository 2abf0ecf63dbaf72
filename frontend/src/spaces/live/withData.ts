/** The selector of what belongs to one thing: `[data-channel="…"]`. */
export function withData(name: string, value: string): string {
  return `[data-${name}=${JSON.stringify(value)}]`;
}
