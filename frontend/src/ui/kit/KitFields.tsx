/** Fields and choices in every state. */
import { Mic } from "lucide-react";
import { useState } from "react";

import { Checkbox } from "../Checkbox";
import { RadioGroup } from "../RadioGroup";
import { Select } from "../Select";
import { Slider } from "../Slider";
import { Switch } from "../Switch";
import { TextField } from "../TextField";

const DEVICES = [
  { value: "1", label: "Built-in microphone" },
  { value: "2", label: "Headset" },
];

export function KitFields() {
  const [device, setDevice] = useState("1");
  return (
    <>
      <TextField label="Your name" placeholder="As others will see it" />
      <TextField
        label="Code"
        defaultValue="qmvt-hzke"
        error="A code has three groups of four letters."
        hint="From the link you were sent"
      />
      <TextField label="Disabled" defaultValue="Marta" disabled />
      <Select label="Microphone" choices={DEVICES} value={device} onChoose={setDevice} />
      <Select
        label="Microphone, quiet"
        labelHidden
        quiet
        icon={<Mic size={18} aria-hidden="true" />}
        choices={DEVICES}
        value={device}
        onChoose={setDevice}
      />
    </>
  );
}

export function KitChoices() {
  const [on, setOn] = useState(true);
  const [volume, setVolume] = useState(60);
  const [quality, setQuality] = useState<"automatic" | "low">("automatic");
  return (
    <div className="grid w-full max-w-96 gap-4">
      <Checkbox checked={on} onChange={setOn} hint="With a hint below it.">
        A box to tick
      </Checkbox>
      <Switch checked={on} onChange={setOn} hint="On or off at once.">
        A switch
      </Switch>
      <Switch checked={false} onChange={setOn} disabled>
        A disabled switch
      </Switch>
      <Slider label="Volume" value={volume} words={(at) => `${at} %`} onChange={setVolume} />
      <RadioGroup
        label="Quality"
        choices={[
          { value: "automatic", label: "Automatic" },
          { value: "low", label: "Low data" },
        ]}
        value={quality}
        onChoose={setQuality}
      />
    </div>
  );
}
