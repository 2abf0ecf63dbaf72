/** Files that are dragged over a place and let go there. */
import { useRef, useState, type DragEvent } from "react";

export function useDropFiles(onFiles: ((files: File[]) => void) | null) {
  const [isOver, setOver] = useState(false);
  // Each part that is dragged over enters and leaves by itself.
  const depth = useRef(0);
  const carries = (event: DragEvent) =>
    onFiles !== null && event.dataTransfer.types.includes("Files");
  const props = {
    onDragEnter: (event: DragEvent) => {
      if (!carries(event)) return;
      depth.current += 1;
      setOver(true);
    },
    onDragOver: (event: DragEvent) => {
      if (carries(event)) event.preventDefault();
    },
    onDragLeave: (event: DragEvent) => {
      if (!carries(event)) return;
      depth.current -= 1;
      if (depth.current <= 0) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      onFiles?.([...event.dataTransfer.files]);
    },
  };
  return { isOver, props };
}
