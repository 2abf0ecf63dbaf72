/** A small window of the browser's own that stays above all others, dressed like the page. */

type DocumentPictureInPicture = {
  readonly window: Window | null;
  requestWindow: (options: { width: number; height: number }) => Promise<Window>;
};

const SIZE = { width: 380, height: 300 };

export function canOpenPipWindow(): boolean {
  return smallWindows() !== undefined;
}

/** Rejects where the browser wants a press on the page first. */
export async function openPipWindow(): Promise<Window> {
  const windows = smallWindows();
  if (!windows) throw new DOMException("No small windows here.", "NotSupportedError");
  const opened = await windows.requestWindow(SIZE);
  await dress(opened.document);
  return opened;
}

function smallWindows(): DocumentPictureInPicture | undefined {
  return (window as { documentPictureInPicture?: DocumentPictureInPicture })
    .documentPictureInPicture;
}

/** The same language, theme and style sheets; by link alone, since the page's policy holds there too. */
async function dress(place: Document): Promise<void> {
  const { lang, dataset } = document.documentElement;
  place.documentElement.lang = lang;
  Object.assign(place.documentElement.dataset, dataset);
  place.title = document.title;
  const scheme = document.querySelector('meta[name="color-scheme"]')?.cloneNode();
  if (scheme) place.head.append(scheme);
  const sheets = document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"]');
  await Promise.all([...sheets].map((sheet) => copySheet(sheet.href, place)));
}

function copySheet(href: string, place: Document): Promise<unknown> {
  const link = place.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const settled = new Promise((done) => {
    link.addEventListener("load", done);
    // Plain is better than none.
    link.addEventListener("error", done);
  });
  place.head.append(link);
  return settled;
}
