/** How much is unread, for the eye alone: what it stands on says it in words. */

const MOST = 99;

export function UnreadCount({ count }: { count: number }) {
  return (
    <span className="nz-key-count" aria-hidden="true">
      {count > MOST ? `${MOST}+` : count}
    </span>
  );
}
