/** Cards, strips, badges, skeletons. */
import { LoaderCircle, VolumeX, WifiOff } from "lucide-react";

import { Badge } from "../Badge";
import { Button } from "../Button";
import { Card } from "../Card";
import { LevelMeter } from "../LevelMeter";
import { Strip } from "../Strip";

export function KitNotices() {
  return (
    <>
      <Card className="nz-kit-card">A card lies on the page.</Card>
      <Strip icon={<LoaderCircle size={18} className="nz-spin" aria-hidden="true" />}>
        <strong>Reconnecting…</strong> Others still see you in the call.
      </Strip>
      <Strip tone="warn" icon={<WifiOff size={18} aria-hidden="true" />}>
        <strong>You are offline.</strong> We go on as soon as the network is back.
      </Strip>
      <Strip
        icon={<VolumeX size={18} aria-hidden="true" />}
        action={
          <Button size="sm" kind="primary">
            Hear everyone
          </Button>
        }
      >
        <strong>The browser holds the sound back.</strong>
      </Strip>
      <Strip
        tone="bad"
        action={
          <Button size="sm" kind="quiet">
            Try again
          </Button>
        }
      >
        <strong>Calls are not available now.</strong> The media server does not answer.
      </Strip>
      <span className="flex flex-wrap gap-2">
        <Badge>guest</Badge>
        <Badge tone="live">live</Badge>
        <Badge tone="warn">weak</Badge>
        <Badge tone="bad">ended</Badge>
      </span>
      <LevelMeter label="Level" level={0.6} />
    </>
  );
}
