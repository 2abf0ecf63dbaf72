/** The shape of messages that are on their way. */

const WIDTHS = [62, 38, 74, 46, 55, 30, 68];

export function MessageSkeleton({ rows }: { rows: number }) {
  return (
    <>
      {WIDTHS.slice(0, rows).map((width) => (
        <div key={width} className="nz-message-skeleton">
          <i className="nz-skeleton" />
          <span>
            <i className="nz-skeleton" style={{ width: `${width / 3}%` }} />
            <i className="nz-skeleton" style={{ width: `${width}%` }} />
          </span>
        </div>
      ))}
    </>
  );
}
