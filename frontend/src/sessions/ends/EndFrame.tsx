/** The frame that all end pages share; it names the page and takes the focus. */
import { useEffect, useRef, type ReactNode } from "react";

import { Door, type DoorState } from "../../ui/Door";

export type EndFrameProps = {
  door: DoorState;
  title: string;
  reason: string;
  /** Beside the page of a space: the page keeps its name, and its own main part. */
  docked?: boolean;
  /** The ways on, the likely one first. */
  children?: ReactNode;
  /** A line below them. */
  note?: ReactNode;
  /** What else there is to read. */
  more?: ReactNode;
};

export function EndFrame({
  door,
  title,
  reason,
  docked = false,
  children,
  note,
  more,
}: EndFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!docked) document.title = `${title} · Nonza`;
    heading.current?.focus();
  }, [title, docked]);
  const Frame = docked ? "section" : "main";
  return (
    <Frame className="nz-center" id={docked ? "call" : "main"}>
      <div className="nz-end">
        <Door state={door} />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className="nz-end-reason">{reason}</p>
        <div className="nz-end-acts">{children}</div>
        {note !== undefined && <p className="nz-end-note">{note}</p>}
        {more}
      </div>
    </Frame>
  );
}
