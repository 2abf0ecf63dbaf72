import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EchoDetector } from "./EchoDetector";
import { MicrophoneHints, PAUSES } from "./MicrophoneHints";
import type { Hint } from "./MicrophoneHints";
import { PATIENCE, SilenceWatch } from "./SilenceWatch";
import { decibelsOf, NOTHING, toDecibels } from "./soundLevel";
import { VoiceDetector } from "./VoiceDetector";

/** Numbers that look like chance and are the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Amplitudes every 100 ms: words of a few syllables, of uneven loudness, with pauses between. */
function speech(samples: number, seed: number): number[] {
  const next = chance(seed);
  const levels: number[] = [];
  while (levels.length < samples) {
    const word = 2 + Math.floor(next() * 6);
    for (let place = 0; place < word; place += 1) levels.push(0.02 + next() * 0.3);
    const pause = 1 + Math.floor(next() * 5);
    for (let place = 0; place < pause; place += 1) levels.push(0);
  }
  return levels.slice(0, samples);
}

describe("levels", () => {
  it("go from nothing to full", () => {
    expect(decibelsOf(new Float32Array(8))).toBe(NOTHING);
    expect(decibelsOf(new Float32Array(8).fill(1))).toBe(0);
    expect(toDecibels(0.1)).toBeCloseTo(-20);
  });
});

describe("the detector of voices", () => {
  function listen(levels: number[]): boolean {
    const detector = new VoiceDetector();
    return levels.map((level, index) => detector.take(level, index * 50)).some(Boolean);
  }
  const quiet = (count: number, level = -70) => Array.from({ length: count }, () => level);

  it("hears speech over the noise of a room", () => {
    expect(listen([...quiet(60), ...quiet(25, -30)])).toBe(true);
  });

  it("hears who speaks from the first moment on", () => {
    const words = [...quiet(20, -30), ...quiet(4)];
    expect(listen([...words, ...words, ...words, ...words])).toBe(true);
  });

  it("takes neither noise, nor clicks, nor beeps for speech", () => {
    expect(listen(quiet(400, -45))).toBe(false);
    expect(listen(quiet(400, -60))).toBe(false);
    const beeps = Array.from({ length: 400 }, (_, index) => (index % 10 < 2 ? -15 : -100));
    expect(listen(beeps)).toBe(false);
    expect(listen([...quiet(60), ...quiet(6, -10), ...quiet(60)])).toBe(false);
  });

  it("decides nothing by the few looks of a tab in the background", () => {
    const detector = new VoiceDetector();
    const looks = [0, 1000, 2000, 3000, 4000];
    expect(looks.map((at) => detector.take(-20, at)).some(Boolean)).toBe(false);
  });
});

describe("the watch over a dead microphone", () => {
  it("asks when nothing at all came for long enough, and not before", () => {
    const watch = new SilenceWatch();
    expect(watch.take(NOTHING, false, false, 0)).toBe(false);
    expect(watch.take(NOTHING, false, false, PATIENCE - 1)).toBe(false);
    expect(watch.take(NOTHING, false, false, PATIENCE)).toBe(true);
  });

  it("never asks who has been heard, since some systems send nothing between words", () => {
    const watch = new SilenceWatch();
    watch.take(-80, false, false, 0);
    expect(watch.take(NOTHING, false, false, 10 * PATIENCE)).toBe(false);
  });

  it("asks again when the device says that it is muted itself", () => {
    const watch = new SilenceWatch();
    watch.take(-40, false, false, 0);
    watch.take(NOTHING, true, false, 1_000);
    expect(watch.take(NOTHING, true, false, 1_000 + PATIENCE)).toBe(true);
  });

  it("takes the noise of an echo canceller for no sign of life", () => {
    const watch = new SilenceWatch();
    watch.take(-85, false, true, 0);
    expect(watch.take(NOTHING, false, false, PATIENCE)).toBe(true);
    watch.take(-40, false, true, PATIENCE + 1);
    expect(watch.take(NOTHING, false, false, 3 * PATIENCE)).toBe(false);
  });

  it("does not count the time in which the microphone was off", () => {
    const watch = new SilenceWatch();
    watch.take(NOTHING, false, false, 0);
    watch.rest();
    expect(watch.take(NOTHING, false, false, PATIENCE)).toBe(false);
  });
});

describe("the detector of echoes", () => {
  /** What the microphone hears of the others, `delay` samples later, among what is said here. */
  function listen(heard: number[], own: (index: number) => number): boolean {
    const detector = new EchoDetector();
    return heard.map((level, index) => detector.take(toDecibels(own(index)), level)).some(Boolean);
  }
  const others = speech(200, 7);

  it.each([-2, 0, 1, 3, 5])("finds the others' voices coming back %i samples later", (delay) => {
    const next = chance(3);
    const own = (index: number) => (others[index - delay] ?? 0) * 0.1 + next() * 0.0008;
    expect(listen(others, own)).toBe(true);
  });

  it("does not take an answer for an echo, whoever answers whom", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const mine = speech(200, 1_000 + seed);
      expect(
        listen(speech(200, seed), (index) => mine[index] ?? 0),
        `${seed}`,
      ).toBe(false);
    }
  });

  it("finds an echo although every third look fell beside the syllable", () => {
    const own = (index: number) => (index % 3 === 0 ? 0.003 : (others[index - 1] ?? 0) * 0.3);
    expect(listen(others, own)).toBe(true);
  });

  it("does not take the echo of oneself in another room for one's own", () => {
    const mine = speech(200, 23);
    const heard = mine.map((_level, index) => (mine[index - 4] ?? 0) * 0.2);
    expect(listen(heard, (index) => mine[index] ?? 0)).toBe(false);
  });

  it("finds none where nobody speaks, or nothing is heard", () => {
    expect(listen(others, () => 0)).toBe(false);
    const mine = speech(200, 5);
    expect(
      listen(
        Array.from({ length: 200 }, () => 0),
        (index) => mine[index] ?? 0,
      ),
    ).toBe(false);
  });

  it("takes no common rhythm for an echo", () => {
    const beeps = Array.from({ length: 200 }, (_, index) => (index % 5 < 2 ? 0.3 : 0));
    expect(listen(beeps, (index) => beeps[index - 1] ?? 0)).toBe(false);
  });
});

describe("hints", () => {
  const onHint = vi.fn<(hint: Hint) => void>();
  const track = {} as MediaStreamTrack;
  let microphone: MediaStreamTrack | null;
  let on: boolean;
  let heard: number;
  let decibels: number | null;
  const ears: { close: ReturnType<typeof vi.fn> }[] = [];
  let hints: MicrophoneHints;

  beforeEach(() => {
    vi.useFakeTimers();
    microphone = track;
    on = false;
    heard = 0;
    decibels = -70;
    ears.length = 0;
    onHint.mockReset();
    hints = new MicrophoneHints({
      getMicrophone: () => microphone,
      isOn: () => on,
      getHeardLevel: () => heard,
      listenTo: (source) => {
        const ear = { source, deviceMuted: false, decibels: () => decibels, close: vi.fn() };
        ears.push(ear);
        return ear;
      },
      onHint,
    });
    hints.start();
  });
  afterEach(() => {
    hints.stop();
    vi.useRealTimers();
  });
  const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);
  const given = () => onHint.mock.calls.flat();

  it("tell who speaks while muted, at most once in a while", () => {
    pass(3_000);
    decibels = -25;
    pass(2_000);
    expect(given()).toEqual(["muted"]);
    pass(10_000);
    decibels = -70;
    pass(PAUSES.muted);
    decibels = -25;
    pass(2_000);
    expect(given()).toEqual(["muted", "muted"]);
  });

  it("do not take the others in the loudspeaker for the person", () => {
    pass(3_000);
    decibels = -25;
    heard = 0.2;
    pass(5_000);
    expect(given()).toEqual([]);
  });

  it("ask about a microphone that is on and dead, not about one that is off", () => {
    decibels = NOTHING;
    pass(30_000);
    expect(given()).toEqual([]);
    on = true;
    pass(PATIENCE + 100);
    expect(given()).toEqual(["silent"]);
  });

  it("begin anew with another microphone, and let go of the one before", () => {
    on = true;
    decibels = NOTHING;
    pass(PATIENCE - 500);
    microphone = {} as MediaStreamTrack;
    pass(PATIENCE - 500);
    expect(given()).toEqual([]);
    expect(ears[0]?.close).toHaveBeenCalledOnce();
    microphone = null;
    pass(100);
    expect(ears[1]?.close).toHaveBeenCalledOnce();
  });

  it("say nothing while the browser does not let us listen", () => {
    on = true;
    decibels = null;
    pass(60_000);
    expect(given()).toEqual([]);
  });
});
