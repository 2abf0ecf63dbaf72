/** The files that go with the next message. */
import { FileText, RotateCcw, X } from "lucide-react";

import { t } from "../../i18n/translate";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/IconButton";
import { sizeWords } from "./sizes";
import type { Upload, Uploads } from "./useUploads";

export function UploadTray({ uploads }: { uploads: Uploads }) {
  if (uploads.list.length === 0) return null;
  return (
    <ul className="nz-uploads" aria-label={t("conversation.files")}>
      {uploads.list.map((upload) => (
        <li
          key={upload.key}
          className={classes("nz-upload", upload.state === "failed" && "nz-upload-failed")}
        >
          {upload.previewUrl ? (
            <img className="nz-upload-picture" src={upload.previewUrl} alt="" />
          ) : (
            <span className="nz-file-sign">
              <FileText size={20} aria-hidden="true" />
            </span>
          )}
          <span className="nz-file-words">
            <bdi className="nz-file-name">{upload.file.name}</bdi>
            <State upload={upload} />
          </span>
          {upload.state === "failed" && (
            <IconButton
              label={t("conversation.upload_again", { name: upload.file.name })}
              onClick={() => uploads.retry(upload.key)}
            >
              <RotateCcw size={16} aria-hidden="true" />
            </IconButton>
          )}
          <IconButton
            label={t("conversation.upload_remove", { name: upload.file.name })}
            onClick={() => uploads.remove(upload.key)}
          >
            <X size={16} aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function State({ upload }: { upload: Upload }) {
  if (upload.state === "failed") {
    return (
      <span className="nz-upload-error" role="alert">
        {upload.error}
      </span>
    );
  }
  if (upload.state === "done")
    return <span className="nz-hint">{sizeWords(upload.file.size)}</span>;
  return (
    <progress
      className="nz-upload-share"
      max={1}
      value={upload.share}
      aria-label={t("conversation.uploading", { name: upload.file.name })}
    />
  );
}
