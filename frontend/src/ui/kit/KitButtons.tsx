/** Buttons in every state. */
import { ArrowRight, Mic, Settings } from "lucide-react";
import { useState } from "react";

import { Button, type ButtonKind } from "../Button";
import { IconButton } from "../IconButton";

const KINDS: readonly ButtonKind[] = ["primary", "default", "quiet", "danger", "danger-quiet"];

export function KitButtons() {
  const [busy, setBusy] = useState(false);
  return (
    <>
      {KINDS.map((kind) => (
        <Button key={kind} kind={kind}>
          {kind}
        </Button>
      ))}
      <Button kind="primary" size="sm">
        Small
      </Button>
      <Button kind="primary" size="lg">
        Large
        <ArrowRight size={18} aria-hidden="true" />
      </Button>
      <Button icon={<Mic size={18} aria-hidden="true" />}>With an icon</Button>
      <Button kind="primary" disabled>
        Disabled
      </Button>
      <Button kind="primary" busy={busy} busyWords="Joining" onClick={() => setBusy(true)}>
        Press to be busy
      </Button>
      <Button kind="primary" busy busyWords="Joining">
        Join
      </Button>
      <IconButton label="Settings" shortcut="S">
        <Settings size={20} aria-hidden="true" />
      </IconButton>
      <IconButton label="Mute" shortcut="M" size="md" pressed>
        <Mic size={20} aria-hidden="true" />
      </IconButton>
    </>
  );
}
