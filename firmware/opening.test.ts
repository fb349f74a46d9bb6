// The terminal believes nothing that the broker brings unless its own gateway sealed it, and nothing twice.
// Method: every way to be wrong as a row, each changed byte, and what the broker is told about it.

import { describe, expect, test } from "vitest";
import { fromLatin1 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { SealHeader } from "#protocol/seal.ts";
import { seal } from "#protocol/seal.ts";
import { downTopic, rosterTopic } from "#protocol/topics.ts";
import { createStory, down, EPOCH, SCHOOL, TERMINAL } from "#sim/link-story.ts";
import { nodePrimitives } from "#sim/primitives.ts";

/** Any bytes under a good seal. */
function sealedBytes(text: string): Uint8Array {
  const header: SealHeader = {
    direction: "down",
    terminal: TERMINAL,
    epoch: EPOCH,
    sequence: 5000,
  };
  return seal(nodePrimitives, down, header, fromLatin1(text));
}

describe("a message down", () => {
  test("is told once, then never again, and the broker is answered after it is kept", () => {
    const story = createStory(0);
    story.start();
    story.heard();
    const sealed = story.sealDown({ kind: "time", seconds: 1_795_345_200 });
    story.sendSealed(downTopic(SCHOOL, TERMINAL), sealed);
    story.sendSealed(downTopic(SCHOOL, TERMINAL), sealed);
    expect(story.got).toEqual([{ kind: "time", seconds: 1_795_345_200 }]);
    expect(story.link.dropped()).toEqual({ replayed: 1 });
    expect(story.broker.take().map(({ cmd }) => cmd)).toEqual(["puback", "puback"]);
  });

  test("that could not be kept is not answered, and the connection ends", () => {
    const story = createStory(0);
    story.start();
    story.heard();
    story.flash.isFull = true;
    story.say({ kind: "time", seconds: 1 });
    expect(story.broker.take()).toEqual([]);
    expect(story.log).toContain("mqtt: handler-failed: Error: store: no room");
  });

  test("a roster page is told each time, for its version decides", () => {
    const story = createStory(0);
    story.start();
    const page: Downlink = { kind: "page", version: 2, page: 4, records: new Uint8Array(64) };
    const sealed = story.sealDown(page, { sequence: 1 });
    story.sendSealed(rosterTopic(SCHOOL, TERMINAL, 4), sealed);
    story.sendSealed(rosterTopic(SCHOOL, TERMINAL, 4), sealed);
    expect(story.got).toEqual([page, page]);
  });

  test("a roster that is not here yet makes the terminal ask the broker for its pages again", () => {
    const story = createStory(0);
    story.start();
    story.broker.take();
    const roster: Downlink = {
      kind: "roster",
      version: 2,
      records: 40,
      sha256: new Uint8Array(32),
    };
    story.say(roster);
    expect(story.broker.take().map(({ cmd }) => cmd)).toEqual(["subscribe", "puback"]);
    story.applied.roster = 2;
    story.say(roster);
    expect(story.broker.take().map(({ cmd }) => cmd)).toEqual(["puback"]);
  });

  const topic = downTopic(SCHOOL, TERMINAL);
  const time: Downlink = { kind: "time", seconds: 1 };
  type Story = ReturnType<typeof createStory>;
  const refused: [string, (story: Story) => [string, Uint8Array]][] = [
    ["foreign-topic", (story) => [downTopic(SCHOOL, 8), story.sealDown(time)]],
    ["foreign-topic", (story) => ["obole/2/x", story.sealDown(time)]],
    ["not-sealed", () => [topic, fromLatin1("hello")]],
    ["foreign-seal", (story) => [topic, story.sealDown(time, { terminal: 8 })]],
    ["foreign-seal", (story) => [topic, story.sealDown(time, { epoch: 2 })]],
    ["foreign-seal", (story) => [topic, story.sealDown(time, { direction: "up" })]],
    ["replayed", (story) => [topic, story.sealDown(time, { sequence: 0 })]],
    [
      "bad-seal",
      (story) => {
        const sealed = story.sealDown(time);
        sealed[20] = (sealed[20] ?? 0) ^ 1;
        return [topic, sealed];
      },
    ],
    ["not-decodable", () => [topic, sealedBytes("\xff")]],
    ["not-decodable", () => [topic, sealedBytes("\x82\x03\x01")]],
    ["unknown-kind", () => [topic, sealedBytes("\x81\x18\x63")]],
    [
      "wrong-topic",
      (story) => [rosterTopic(SCHOOL, TERMINAL, 0), story.sealDown(time, { sequence: 1 })],
    ],
    [
      "wrong-topic",
      (story) => [
        topic,
        story.sealDown({ kind: "page", version: 1, page: 0, records: new Uint8Array(64) }),
      ],
    ],
  ];

  test.each(refused)("%s: counted, named, dropped", (fault, make) => {
    const story = createStory(0);
    story.start();
    story.broker.take();
    story.sendSealed(...make(story));
    expect(story.got).toEqual([]);
    expect(story.link.dropped()).toEqual({ [fault]: 1 });
    expect(story.log.at(-1)).toMatch(`link: ${fault} (1): `);
    expect(
      story.broker.take().map(({ cmd }) => cmd),
      "the broker need not keep it",
    ).toEqual(["puback"]);
    story.say(time);
    expect(story.got, "the next good one is taken").toEqual([time]);
  });

  test("with any byte changed is refused", () => {
    const story = createStory(0);
    story.start();
    const sealed = story.sealDown(time);
    for (let i = 0; i < sealed.length; i++) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 0x10;
      story.sendSealed(topic, changed);
    }
    expect(story.got).toEqual([]);
    const counts = Object.values(story.link.dropped());
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sealed.length);
  });
});
