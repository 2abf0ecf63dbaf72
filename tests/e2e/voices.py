"""Sound files that stand in for a microphone: somebody speaking, or nothing at all."""

import math
import random
import struct
import wave
from pathlib import Path

RATE = 48_000


def write_speech(path: Path, seconds: int = 30) -> Path:
    """Write syllables of uneven loudness with pauses between words, as speech has them."""
    chance = random.Random(7)  # noqa: S311 -- the same file in every run
    samples: list[float] = []
    while len(samples) < seconds * RATE:
        for _syllable in range(chance.randint(3, 9)):
            samples += _syllable_of(chance)
        samples += [0.0] * int(chance.uniform(0.05, 0.3) * RATE)
    return _write(path, samples[: seconds * RATE])


def write_silence(path: Path, seconds: int = 30) -> Path:
    return _write(path, [0.0] * (seconds * RATE))


def _syllable_of(chance: random.Random) -> list[float]:
    length = int(chance.uniform(0.12, 0.22) * RATE)
    pitch, loudness = chance.uniform(110, 220), chance.uniform(0.15, 0.7)
    return [loudness * math.sin(math.pi * at / length) * _voice(pitch * at / RATE) for at in range(length)]


def _voice(turns: float) -> float:
    """Return a wave with overtones; a pure tone would be taken for noise and filtered out."""
    return sum(math.sin(2 * math.pi * turns * overtone) / overtone for overtone in range(1, 8)) / 2


def _write(path: Path, samples: list[float]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        values = (int(max(-1.0, min(1.0, sample)) * 32_000) for sample in samples)
        file.writeframes(b"".join(struct.pack("<h", value) for value in values))
    return path
