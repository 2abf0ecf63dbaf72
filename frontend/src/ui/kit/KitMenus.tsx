/** What floats: menus, dialogs, sheets, toasts. */
import { Copy, Ellipsis, Settings, UserMinus } from "lucide-react";
import { useState } from "react";

import { Button } from "../Button";
import { IconButton } from "../IconButton";
import { Menu } from "../Menu";
import type { MenuEntry } from "../menuEntries";
import { Modal } from "../Modal";
import { Sheet } from "../Sheet";
import { Slider } from "../Slider";
import { showToast } from "../toasts";

export function KitMenus() {
  const [open, setOpen] = useState<"dialog" | "sheet" | "question" | null>(null);
  const [volume, setVolume] = useState(80);
  const [mirrored, setMirrored] = useState(true);
  const close = () => setOpen(null);
  const entries: MenuEntry[] = [
    { label: "Copy the link", icon: <Copy size={20} aria-hidden="true" />, onChoose: copied },
    { label: "Settings", icon: <Settings size={20} aria-hidden="true" />, onChoose: copied },
    {
      kind: "check",
      label: "Mirror",
      checked: mirrored,
      onChoose: () => setMirrored(!mirrored),
    },
    { kind: "rule" },
    {
      label: "Remove",
      icon: <UserMinus size={20} aria-hidden="true" />,
      danger: true,
      onChoose: copied,
    },
  ];
  return (
    <>
      <Menu
        label="More"
        entries={entries}
        trigger={(props) => (
          <IconButton label="More" {...props}>
            <Ellipsis size={20} aria-hidden="true" />
          </IconButton>
        )}
      />
      <Menu
        label="A person"
        entries={entries}
        above={<Slider label="Volume" value={volume} onChange={setVolume} />}
        trigger={(props) => <Button {...props}>With a slider</Button>}
      />
      <Button onClick={() => setOpen("dialog")}>Open a dialog</Button>
      <Button onClick={() => setOpen("sheet")}>Open a sheet</Button>
      <Button onClick={() => setOpen("question")}>Ask a question</Button>
      <Button onClick={copied}>Show a toast</Button>
      <Button onClick={asked}>Show a toast that stays</Button>
      {open === "dialog" && (
        <Modal title="A dialog" onClose={close}>
          <p>The browser keeps the focus inside, closing gives it back.</p>
        </Modal>
      )}
      {open === "sheet" && (
        <Sheet title="A sheet" onClose={close}>
          <p>At the bottom, where the thumb is.</p>
        </Sheet>
      )}
      {open === "question" && (
        <Modal
          title="End the session for all 5 people?"
          question
          onClose={close}
          foot={
            <>
              <Button kind="quiet" onClick={close}>
                Cancel
              </Button>
              <Button kind="danger" onClick={close}>
                End for all
              </Button>
            </>
          }
        >
          <p>The link stops working.</p>
        </Modal>
      )}
    </>
  );
}

function copied() {
  showToast({ words: "Link copied" });
}

function asked() {
  showToast({
    words: "Marta asks you to unmute",
    lasting: true,
    key: "unmute",
    actions: [
      { label: "Not now", onChoose: () => undefined },
      { label: "Unmute", primary: true, onChoose: () => undefined },
    ],
  });
}
