/** Files of a message: pictures in their shape from the start, others as cards. */
import { Download, FileText } from "lucide-react";

import { t } from "../../i18n/translate";
import { classes } from "../../ui/classes";
import type { Attachment } from "../core/types";
import { sizeWords } from "./sizes";

const WIDEST = 420;
const HIGHEST = 320;
/** Corners as round as those of larger ones would make a disc of less. */
const ROUNDED = 56;

export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  const pictures = attachments.filter(isPicture);
  const files = attachments.filter((attachment) => !isPicture(attachment));
  return (
    <>
      {pictures.length > 0 && (
        <ul className="nz-pictures" aria-label={t("conversation.pictures")}>
          {pictures.map((picture) => (
            <li key={picture.id}>
              <PictureLink picture={picture} />
            </li>
          ))}
        </ul>
      )}
      {files.length > 0 && (
        <ul className="nz-files" aria-label={t("conversation.files")}>
          {files.map((file) => (
            <li key={file.id}>
              <a className="nz-file" href={file.url} download={file.name} hx-boost="false">
                <span className="nz-file-sign">
                  <FileText size={20} aria-hidden="true" />
                </span>
                <span className="nz-file-words">
                  <bdi className="nz-file-name">{file.name}</bdi>
                  <span className="nz-hint">{sizeWords(file.size)}</span>
                </span>
                <Download size={18} className="nz-file-get" aria-hidden="true" />
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function PictureLink({ picture }: { picture: Attachment }) {
  const { width, height } = fit(picture.width ?? WIDEST, picture.height ?? HIGHEST);
  return (
    <a
      className={classes("nz-picture", Math.min(width, height) < ROUNDED && "nz-picture-small")}
      href={picture.url}
      target="_blank"
      rel="noreferrer"
      style={{ width, aspectRatio: `${width} / ${height}` }}
    >
      <img
        src={picture.preview_url ?? picture.url}
        alt={t("conversation.picture", { name: picture.name })}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
      />
    </a>
  );
}

function isPicture(attachment: Attachment): boolean {
  return attachment.preview_url !== null;
}

/** As large as there is room for, never larger than it is, and never too small to be pressed. */
function fit(width: number, height: number): { width: number; height: number } {
  const share = Math.min(1, WIDEST / width, HIGHEST / height);
  return {
    width: Math.max(24, Math.round(width * share)),
    height: Math.max(24, Math.round(height * share)),
  };
}
