/** The mark, an arch with a person in it, and the name. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 28 28" aria-hidden="true">
      <path
        className="nz-brand-arch"
        d="M5.5 25V13.5a8.5 8.5 0 0 1 17 0V25"
        strokeWidth="3.4"
        strokeLinecap="round"
      />
      <circle className="nz-brand-dot" cx="14" cy="21.4" r="3.9" />
    </svg>
  );
}

export function Brand() {
  return (
    <a className="nz-brand" href="/">
      <BrandMark />
      <span>Nonza</span>
    </a>
  );
}
