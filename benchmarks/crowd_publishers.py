"""Guests without a browser who come in through Nonza's own gate and publish; run by benchmarks/crowd.py.

Needs the package `livekit` (1.2.0), which Nonza itself does not: see there.
"""

import asyncio
import json
import sys
import urllib.request

from livekit import rtc

WIDTH, HEIGHT, FRAMES = 160, 90, 5
RATE, PIECE = 48_000, 4_800  # a tenth of a second


def ask(address: str, path: str, body: dict, credential: str = "") -> dict:
    """POST to Nonza's API as a guest who keeps the credential in memory."""
    headers = {"Content-Type": "application/json"}
    if credential:
        headers["Authorization"] = f"Bearer {credential}"
    request = urllib.request.Request(
        f"{address}/api/v1/sessions/{path}/", json.dumps(body).encode(), headers, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return dict(json.load(response))


async def come(address: str, slug: str, number: int) -> None:
    """Say whether this guest came in; where the machine is too small some do not."""
    try:
        await publisher(address, slug, number)
    except Exception as error:  # noqa: BLE001 -- whatever it was, this one stays outside
        print("out", type(error).__name__, flush=True)


async def publisher(address: str, slug: str, number: int) -> None:
    """Join, take a token, connect, and send a small picture and a voice until the process ends."""
    name = {"display_name": f"Guest {number}", "credential": "bearer"}
    place = await asyncio.to_thread(ask, address, f"{slug}/join", name)
    grant = await asyncio.to_thread(ask, address, f"{slug}/token", {}, place["credential"])
    room = rtc.Room()
    await room.connect(grant["url"], grant["token"], rtc.RoomOptions(auto_subscribe=False))
    camera, microphone = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(RATE, 1)
    picture = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
    await room.local_participant.publish_track(
        rtc.LocalVideoTrack.create_video_track("camera", camera), picture
    )
    voice = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    await room.local_participant.publish_track(
        rtc.LocalAudioTrack.create_audio_track("voice", microphone), voice
    )
    print("in", flush=True)
    await asyncio.gather(show(camera, number), speak(microphone, loud=number % 10 == 0))


async def show(camera: rtc.VideoSource, number: int) -> None:
    """A grey that changes, so that there is something to encode."""
    size = WIDTH * HEIGHT
    step = number
    while True:
        step = (step + 7) % 256
        data = bytes([step]) * size + bytes([128]) * (size // 2)
        camera.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, data))
        await asyncio.sleep(1 / FRAMES)


async def speak(microphone: rtc.AudioSource, *, loud: bool) -> None:
    """Every tenth hums, the others are silent with an open microphone."""
    sample = (6_000).to_bytes(2, "little", signed=True) + (-6_000).to_bytes(2, "little", signed=True)
    data = sample * (PIECE // 2) if loud else bytes(PIECE * 2)
    while True:
        await microphone.capture_frame(rtc.AudioFrame(data, RATE, 1, PIECE))


async def main() -> None:
    """Let `count` guests in, a few at a time."""
    address, slug, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    tasks = []
    for number in range(first, first + count):
        tasks.append(asyncio.create_task(come(address, slug, number)))
        await asyncio.sleep(0.5)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main())
