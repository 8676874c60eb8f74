/** Calls a listener with the files that are dropped on an element. */
export function onFileDrop(target: HTMLElement, listener: (files: readonly File[]) => void): void {
  target.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  target.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    listener([...(event.dataTransfer?.files ?? [])]);
  });
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;
