// The frames of the PN532 (user manual UM0701-02, section 6.2.1), in both directions:
//   00 | 00 FF | LEN | LCS | TFI data ... | DCS | 00, LEN + LCS = 0 and TFI + data + DCS = 0 modulo 256.
// Above 255 bytes: 00 | 00 FF | FF FF | LENm LENl LCS | TFI data ... | DCS | 00.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";

/** First byte of what a frame carries (TFI): who speaks. */
export const HOST = 0xd4;
export const CHIP = 0xd5;

export const ACK = new Uint8Array([0x00, 0x00, 0xff, 0x00, 0xff, 0x00]);
export const NACK = new Uint8Array([0x00, 0x00, 0xff, 0xff, 0x00, 0x00]);
export const ERROR_FRAME = new Uint8Array([0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00]);

const NORMAL_BYTES_MAX = 255;
/** The chip's buffer: TFI, command code and 263 bytes (section 6.2.1.2). */
export const FRAME_BYTES_MAX = 265;
const SYNTAX_ERROR = 0x7f;
const NOTHING = new Uint8Array(0);

export type Frame =
  | { kind: "ack" }
  | { kind: "nack" }
  /** The chip did not understand the command (section 6.2.1.5). */
  | { kind: "error" }
  /** A whole frame whose data checksum is wrong. */
  | { kind: "corrupt" }
  /** content starts with TFI. */
  | { kind: "data"; content: Bytes };

/** Adds bytes up: natively where a board can, else addUp. */
export type Sum = (data: Bytes) => number;

/** A frame around content, which starts with TFI. Throws when the chip has no room for it. */
export function encodeFrame(content: Bytes, sum?: Sum): Bytes {
  const length = content.length;
  if (!length || length > FRAME_BYTES_MAX)
    throw new Error("pn532: a frame of " + length + " bytes, not 1 to " + FRAME_BYTES_MAX);
  const extended = length > NORMAL_BYTES_MAX;
  const start = extended ? 8 : 5;
  const frame = new Uint8Array(start + length + 2);
  frame[2] = 0xff;
  if (extended) {
    frame[3] = 0xff;
    frame[4] = 0xff;
    frame[5] = length >> 8;
    frame[6] = length;
    frame[7] = -((length >> 8) + length);
  } else {
    frame[3] = length;
    frame[4] = -length;
  }
  frame.set(content, start);
  frame[start + length] = -(sum || addUp)(content);
  return frame;
}

export type Deframer = { push(data: Bytes): void; clear(): void };

/** Finds frames in what the UART delivers: any split, any noise in between. Noise that looks like a start and is none
 * costs one byte, so a frame right behind it is still found. */
export function createDeframer(onFrame: (frame: Frame) => void, given?: Sum): Deframer {
  const sum = given || addUp;
  let pending: Bytes = NOTHING;

  /** Takes one frame, or one byte of noise, from the front; false when more bytes are needed. */
  function takeOne(): boolean {
    const at = findStart(pending);
    if (at) pending = copyBytes(pending, at, pending.length - at);
    const size = measure(pending, sum);
    if (size > pending.length || !size) return false;
    const taken = size > 0 ? pending.subarray(0, size) : NOTHING;
    const skip = size > 0 ? size : 1;
    pending = copyBytes(pending, skip, pending.length - skip);
    if (taken.length) onFrame(readFrame(taken, sum));
    return true;
  }

  return {
    push: function (data: Bytes): void {
      const joined = new Uint8Array(pending.length + data.length);
      joined.set(pending, 0);
      joined.set(data, pending.length);
      pending = joined;
      while (takeOne()) continue;
    },
    clear: function (): void {
      pending = NOTHING;
    },
  };
}

/** Where 00 FF begins; the preamble before it is optional. A last 00 may be the first half of it. */
function findStart(data: Bytes): number {
  const last = data.length - 1;
  for (let i = 0; i < last; i++) if (data[i] === 0 && data[i + 1] === 0xff) return i;
  return last >= 0 && data[last] === 0 ? last : data.length;
}

/** Bytes from 00 FF to the data checksum; 0 when too few are there to say; -1 when this is no frame. */
function measure(data: Bytes, sum: Sum): number {
  if (data.length < 4) return 0;
  const length = data[2] as number;
  const check = data[3] as number;
  if ((length === 0x00 && check === 0xff) || (length === 0xff && check === 0x00)) return 4;
  if (length !== 0xff || check !== 0xff)
    return length && !((length + check) & 255) ? 4 + length + 1 : -1;
  if (data.length < 7) return 0;
  const long = (data[4] as number) * 256 + (data[5] as number);
  if (sum(data.subarray(4, 7)) & 255 || !long || long > FRAME_BYTES_MAX) return -1;
  return 7 + long + 1;
}

function readFrame(data: Bytes, sum: Sum): Frame {
  if (data.length === 4) return { kind: data[2] === 0 ? "ack" : "nack" };
  const start = data[2] === 0xff && data[3] === 0xff ? 7 : 4;
  const length = data.length - start - 1;
  if (sum(data.subarray(start)) & 255) return { kind: "corrupt" };
  if (length === 1 && data[start] === SYNTAX_ERROR) return { kind: "error" };
  return { kind: "data", content: copyBytes(data, start, length) };
}

export function addUp(data: Bytes): number {
  let total = 0;
  for (let i = 0; i < data.length; i++) total += data[i] as number;
  return total;
}
