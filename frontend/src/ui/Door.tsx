/** The drawing of the end pages: one door, in the state the page speaks of. */
import type { ReactNode } from "react";

export type DoorState = "open" | "shut" | "sea" | "full" | "outline";

const INSIDE = "M70 232V122a50 50 0 0 1 100 0v110Z";
const HALL = "M70 232V122a50 50 0 0 1 50-50v160Z";

/** Heads inside a full door, from the floor up: x, y, pastel. */
const HEADS = [
  [88, 215, 1],
  [120, 215, 8],
  [152, 215, 3],
  [104, 187, 6],
  [136, 187, 9],
  [88, 159, 5],
  [120, 159, 10],
  [152, 159, 2],
  [104, 131, 7],
  [136, 131, 4],
] as const;

const DRAWINGS: Record<DoorState, ReactNode> = {
  open: (
    <>
      <path d={INSIDE} fill="var(--nz-accent-soft)" />
      <path d={HALL} fill="var(--nz-accent)" opacity=".14" />
      <circle cx="120" cy="206" r="22" fill="var(--nz-accent)" />
      <circle cx="36" cy="218" r="12" fill="var(--nz-pastel-1)" />
    </>
  ),
  shut: (
    <>
      <path d={INSIDE} fill="color-mix(in srgb, var(--nz-text) 88%, var(--nz-accent))" />
      <path d="M120 72v160" stroke="var(--nz-canvas)" strokeOpacity=".25" strokeWidth="2" />
      <circle cx="110" cy="164" r="4" fill="var(--nz-canvas)" />
      <circle cx="130" cy="164" r="4" fill="var(--nz-canvas)" />
      <circle cx="212" cy="214" r="18" fill="var(--nz-pastel-1)" />
    </>
  ),
  sea: (
    <>
      <path d={INSIDE} fill="var(--nz-pastel-8)" />
      <path d="M70 232v-52q25-16 50 0t50 0v52Z" fill="var(--nz-accent)" opacity=".5" />
      <path d="M70 232v-30q25-12 50 0t50 0v30Z" fill="var(--nz-accent)" opacity=".75" />
      <circle cx="138" cy="124" r="15" fill="#f3b24f" />
    </>
  ),
  full: (
    <>
      <path d={INSIDE} fill="var(--nz-sunken)" />
      {HEADS.map(([x, y, pastel]) => (
        <circle key={pastel} cx={x} cy={y} r="15.5" fill={`var(--nz-pastel-${pastel})`} />
      ))}
      <circle cx="212" cy="215" r="17" fill="var(--nz-accent)" />
    </>
  ),
  outline: (
    <path
      d={INSIDE}
      fill="none"
      stroke="var(--nz-line-strong)"
      strokeWidth="2"
      strokeDasharray="2 8"
      strokeLinecap="round"
    />
  ),
};

export function Door({ state }: { state: DoorState }) {
  return (
    <svg className="nz-door" viewBox="0 0 240 250" aria-hidden="true">
      {DRAWINGS[state]}
      <path
        d="M56 232V122a64 64 0 0 1 128 0v110"
        fill="none"
        stroke="var(--nz-text)"
        strokeWidth="7"
        strokeLinecap="round"
      />
      <path d="M4 233.5h232" stroke="var(--nz-text)" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
