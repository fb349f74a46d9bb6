// How an NTAG 424 DNA card proves itself: AuthenticateEV2First (NXP AN12196 section 6.6), three
// exchanges in which card and terminal each show that they have the key, and neither says it.
// Callbacks, because the reader's chip takes its time.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { concat, copyBytes, sameBytes } from "#protocol/bytes.ts";
import { APPLICATION } from "#protocol/card-key.ts";

/** One command to the card and its answer; fault "gone": the card does not answer (any more),
 * "silent": the chip does not. */
export type Exchange = (command: Bytes, done: (answer: CardAnswer) => void) => void;
export type CardAnswer = { fault?: "gone" | "silent"; data: Bytes };

/** Why a card has not proved itself. Only the first two may be tried again by themselves: a card
 * counts tries with a wrong key, delays after 50 and locks the key after 1,000 (AN12196 section
 * 6.4). */
export type CardFault =
  | "gone"
  | "silent"
  /** Has no such application: another kind of card, with the UID of one that has. */
  | "not-ntag424"
  /** The card says that our key is wrong (91AE). */
  | "wrong-key"
  /** The card makes us wait after many wrong keys (91AD). */
  | "delayed"
  /** The card answers with another status or length. */
  | "refused"
  /** What the card says does not follow from our challenge: it has no key. */
  | "untrue";

/** rndB and ti: what an encrypted session with the card goes on from (ntag424-session.ts). */
export type Authentication = { ok: true; rndB: Bytes; ti: Bytes } | { ok: false; fault: CardFault };

type Ciphers = Pick<Primitives, "encryptCbc" | "decryptCbc">;

const BLOCK = 16;
const ZEROS = new Uint8Array(BLOCK);
/** ISOSelectFile by name. */
const SELECT = concat([
  new Uint8Array([0x00, 0xa4, 0x04, 0x00, APPLICATION.length]),
  APPLICATION,
  new Uint8Array([0x00]),
]);
const OK = 0x9100;
const SELECTED = 0x9000;
const MORE = 0x91af;
const WRONG_KEY = 0x91ae;
const DELAYED = 0x91ad;
/** Transaction identifier, our challenge turned by a byte, capabilities (AN12196 table 16). */
const TI_BYTES = 4;

/** Opens the card's application; done hears why not, or undefined. */
export function selectApplication(
  exchange: Exchange,
  done: (fault: CardFault | undefined) => void,
): void {
  exchange(SELECT, function (answer) {
    if (answer.fault) done(answer.fault);
    else done(statusOf(answer.data) === SELECTED ? undefined : "not-ntag424");
  });
}

/** One attempt with one key of the open application. challenge: 16 bytes that nobody can foresee
 * and that were never used before; whoever foresees them passes with recorded answers and no
 * key. */
export function authenticate(
  ciphers: Ciphers,
  exchange: Exchange,
  key: { number: number; secret: Bytes },
  challenge: Bytes,
  done: (outcome: Authentication) => void,
): void {
  exchange(new Uint8Array([0x90, 0x71, 0, 0, 2, key.number, 0, 0]), function (first) {
    const fault = faultOf(first, MORE, BLOCK);
    if (fault) return done({ ok: false, fault: fault });
    const rndB = ciphers.decryptCbc(key.secret, ZEROS, copyBytes(first.data, 0, BLOCK));
    const both = concat([challenge, turned(rndB)]);
    const part = ciphers.encryptCbc(key.secret, ZEROS, both);
    const command = concat([
      new Uint8Array([0x90, 0xaf, 0, 0, 2 * BLOCK]),
      part,
      ZEROS.subarray(0, 1),
    ]);
    exchange(command, function (second) {
      done(judge(ciphers, key.secret, challenge, rndB, second));
    });
  });
}

function judge(
  ciphers: Ciphers,
  secret: Bytes,
  challenge: Bytes,
  rndB: Bytes,
  answer: CardAnswer,
): Authentication {
  const fault = faultOf(answer, OK, 2 * BLOCK);
  if (fault) return { ok: false, fault: fault };
  const plain = ciphers.decryptCbc(secret, ZEROS, copyBytes(answer.data, 0, 2 * BLOCK));
  if (!sameBytes(plain.subarray(TI_BYTES, TI_BYTES + BLOCK), turned(challenge)))
    return { ok: false, fault: "untrue" };
  return { ok: true, rndB: rndB, ti: copyBytes(plain, 0, TI_BYTES) };
}

/** Undefined when the answer has this status and so many bytes before it. */
function faultOf(answer: CardAnswer, status: number, length: number): CardFault | undefined {
  if (answer.fault) return answer.fault;
  const found = statusOf(answer.data);
  if (found === WRONG_KEY) return "wrong-key";
  if (found === DELAYED) return "delayed";
  return found === status && answer.data.length === length + 2 ? undefined : "refused";
}

/** The last two bytes of an answer: SW1 and SW2; 0 when there are none. */
export function statusOf(data: Bytes): number {
  const length = data.length;
  return length < 2 ? 0 : (data[length - 2] as number) * 256 + (data[length - 1] as number);
}

/** Turned left by a byte, as each side returns the other's number (RndA', RndB'). */
export function turned(number: Bytes): Bytes {
  const result = new Uint8Array(BLOCK);
  result.set(number.subarray(1, BLOCK), 0);
  result[BLOCK - 1] = number[0] as number;
  return result;
}
