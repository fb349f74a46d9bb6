// All of firmware/drivers/nfc-vectors.json, the same checks in Node and on the interpreter:
// published values of RFC 4493 and NXP against the code that a terminal and the office run. Written
// in the terminal's language.

import { authenticate } from "#firmware/drivers/ntag424.ts";
import { fullCommand, macOf, openSession, truncated } from "#firmware/drivers/ntag424-session.ts";
import vectors from "#firmware/drivers/nfc-vectors.json" with { type: "json" };
import {
  ACK,
  CHIP,
  createDeframer,
  encodeFrame,
  ERROR_FRAME,
  HOST,
  NACK,
} from "#firmware/drivers/pn532-frame.ts";
import { readSighting } from "#firmware/drivers/reader.ts";
import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { concat, copyBytes, fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import { cmac } from "#protocol/cmac.ts";
import { cmacLrp, evaluate, openLrp, sessionVectorLrp } from "./lrp.ts";

export type Ciphers = Pick<Primitives, "encryptCbc" | "decryptCbc">;
/** Hears of each check; expected as in the file. */
export type Check = (name: string, got: string, expected: string) => void;

const ZEROS = new Uint8Array(16);

export function checkVectors(ciphers: Ciphers, check: Check): void {
  const encrypt = ciphers.encryptCbc;
  vectors.aesCmac.forEach(function (row) {
    const mac = cmac(encrypt, fromHex(row[0] as string), fromHex(row[1] as string));
    check("RFC 4493", toHex(mac), row[2] as string);
  });
  const derived = vectors.an10922;
  const input = fromHex("01" + derived.m);
  check("AN10922", toHex(cmac(encrypt, fromHex(derived.master), input)), derived.key);
  checkSdm(ciphers, check);
  checkAuthentication(ciphers, check);
  checkSessions(encrypt, check);
  checkLrp(ciphers, check);
  checkFrames(check);
}

/** Secure dynamic messaging (AN12196 section 3): Obole takes no payment on it, its values test
 * cmac and CBC. */
function checkSdm(ciphers: Ciphers, check: Check): void {
  const encrypt = ciphers.encryptCbc;
  const one = vectors.an12196.t1;
  check("T1 SV1", toHex(sdmVector("c33c", one.uid, one.ctr)), one.sv1);
  check("T1 SV2", toHex(sdmVector("3cc3", one.uid, one.ctr)), one.sv2);
  check("T1 ENC", toHex(cmac(encrypt, fromHex(one.key), fromHex(one.sv1))), one.enc);
  check("T1 MAC", toHex(cmac(encrypt, fromHex(one.key), fromHex(one.sv2))), one.mac);
  const two = vectors.an12196.t2t4;
  const key = fromHex(two.key);
  const plain = ciphers.decryptCbc(key, ZEROS, fromHex(two.picc));
  check("T2 PICC data", toHex(plain), two.plain);
  const session = cmac(encrypt, key, sdmVectorOf("3cc3", plain));
  check("T4 session key", toHex(session), two.ses);
  check("T4 MAC", toHex(truncated(cmac(encrypt, session, new Uint8Array(0)))), two.sdmmac);
  const sun = vectors.an12196.sun2;
  const data = ciphers.decryptCbc(ZEROS, ZEROS, fromHex(sun.picc));
  check("SUN UID", toHex(data.subarray(1, 8)), sun.uid);
  check("SUN counter", String(data[8]), String(sun.ctr));
  const macKey = cmac(encrypt, ZEROS, sdmVectorOf("3cc3", data));
  check("SUN MAC", toHex(truncated(cmac(encrypt, macKey, fromLatin1(sun.macInput)))), sun.sdmmac);
  const encKey = cmac(encrypt, ZEROS, sdmVectorOf("c33c", data));
  const counter = concat([data.subarray(8, 11), ZEROS.subarray(0, 13)]);
  const file = ciphers.decryptCbc(encKey, encrypt(encKey, ZEROS, counter), fromHex(sun.enc));
  check("SUN file", toHex(file), sun.file);
}

function sdmVector(label: string, uid: string, counter: string): Bytes {
  return fromHex(label + "00010080" + uid + counter);
}

/** From PICC data: tag, UID, read counter. */
function sdmVectorOf(label: string, plain: Bytes): Bytes {
  return sdmVector(label, toHex(plain.subarray(1, 8)), toHex(plain.subarray(8, 11)));
}

/** The driver itself, with a card that says what AN12196 prints. */
function checkAuthentication(ciphers: Ciphers, check: Check): void {
  const told = vectors.an12196.t14;
  const key = { number: 0, secret: fromHex(told.key) };
  const rndA = fromHex(told.rndA);
  const answers = [told.r1, told.r2];
  const sent: string[] = [];
  authenticate(
    ciphers,
    function (command, done) {
      sent.push(toHex(command));
      done({ data: fromHex(answers[sent.length - 1] as string) });
    },
    key,
    rndA,
    function (outcome) {
      check("T14 outcome", outcome.ok ? "ok" : outcome.fault, "ok");
      if (!outcome.ok) return;
      check("T14 RndB", toHex(outcome.rndB), told.rndB);
      check("T14 TI", toHex(outcome.ti), told.ti);
      const encrypt = ciphers.encryptCbc;
      const session = openSession(encrypt, key.secret, rndA, outcome.rndB, outcome.ti);
      check("T14 ENC", toHex(session.enc), told.enc);
      check("T14 MAC", toHex(session.mac), told.mac);
      check("T14 SV1", toHex(cmac(encrypt, key.secret, fromHex(told.sv1))), told.enc);
    },
  );
  check("T14 part 1", sent[0] as string, told.c1);
  check("T14 part 2", sent[1] as string, told.c2);
}

function checkSessions(encrypt: Primitives["encryptCbc"], check: Check): void {
  const get = vectors.an12196.t7;
  const reading = { enc: ZEROS, mac: fromHex(get.mac), ti: fromHex(get.ti), counter: 0 };
  const asked = fromHex(get.c);
  const askedMac = macOf(encrypt, reading, 0xf5, asked.subarray(5, 6));
  check("T7 command", toHex(askedMac), toHex(asked.subarray(6, 14)));
  reading.counter = 1;
  // The fixture keeps the status byte 00, which the MAC begins with, before the data.
  const said = fromHex(get.r);
  const dataEnd = said.length - 10;
  const saidMac = macOf(encrypt, reading, 0, said.subarray(0, dataEnd));
  check("T7 answer", toHex(saidMac), toHex(said.subarray(dataEnd, dataEnd + 8)));
  const opened = vectors.an12196.t14;
  const change = vectors.an12196.t18;
  const changing = {
    enc: fromHex(opened.enc),
    mac: fromHex(opened.mac),
    ti: fromHex(opened.ti),
    counter: change.ctr,
  };
  const header = new Uint8Array([0x02]);
  const command = fullCommand(encrypt, changing, 0x5f, header, fromHex(change.settings));
  check("T18 command", toHex(command), change.c);
  changing.counter++;
  const answer = toHex(macOf(encrypt, changing, 0, new Uint8Array(0))) + "9100";
  check("T18 answer", answer, change.r);
  const light = vectors.ulaes_an13452;
  const session = openSession(
    encrypt,
    fromHex(light.key),
    fromHex(light.rndA),
    fromHex(light.rndB),
    ZEROS,
  );
  check("Ultralight AES session key", toHex(session.mac), light.sesKey);
  const body = concat([new Uint8Array([light.ctr, light.ctr >> 8]), fromHex(light.cmd)]);
  check("Ultralight AES MAC", toHex(truncated(cmac(encrypt, session.mac, body))), light.cmac);
}

function checkLrp(ciphers: Ciphers, check: Check): void {
  const encrypt = ciphers.encryptCbc;
  const told = vectors.an12321lrp;
  const rndA = fromHex(told.rndA);
  const rndB = fromHex(told.r1).subarray(1, 17);
  const root = openLrp(encrypt, fromHex(told.key));
  const lrp = openLrp(encrypt, cmacLrp(encrypt, root, sessionVectorLrp(rndA, rndB)));
  const hostMac = cmacLrp(encrypt, lrp, concat([rndA, rndB]));
  const command = concat([fromHex("90af000020"), rndA, hostMac, ZEROS.subarray(0, 1)]);
  check("LRP part 2", toHex(command), told.c2);
  const answer = fromHex(told.r2);
  const hidden = answer.subarray(0, 16);
  const cardMac = cmacLrp(encrypt, lrp, concat([rndB, rndA, hidden]));
  check("LRP answer", toHex(cardMac), toHex(answer.subarray(16, 32)));
  const counterKey = evaluate(encrypt, lrp, 1, ZEROS.subarray(0, 4));
  const plain = ciphers.decryptCbc(counterKey, ZEROS, copyBytes(hidden, 0, 16));
  check("LRP TI", toHex(plain.subarray(0, 4)), told.ti);
}

function checkFrames(check: Check): void {
  const told = vectors.pn532;
  check("ACK", toHex(ACK), told.ack);
  check("NACK", toHex(NACK), told.nack);
  check("error frame", toHex(ERROR_FRAME), told.err);
  [told.fw, told.sam, told.poll].forEach(function (pair) {
    pair.forEach(function (frame, direction) {
      const content = contentOf(frame);
      check("frame " + frame, toHex(encodeFrame(content)), frame);
      check("speaker of " + frame, String(content[0]), String(direction ? CHIP : HOST));
    });
  });
  const cards: [string, string][] = [
    [told.classic, "4a8d694f 8"],
    [told.ntag213, "04d69302666080 0"],
    [told.ntag424, "04782e21801d80 32"],
    [told.randomUid, "unreadable"],
    [told.poll[1] as string, "nothing"],
  ];
  cards.forEach(function (row) {
    const content = contentOf(row[0]);
    const seen = readSighting(copyBytes(content, 2, content.length - 2));
    const text = seen.kind === "card" ? toHex(seen.card.uid) + " " + seen.card.sak : seen.kind;
    check("card of " + row[0], text, row[1]);
  });
}

/** What the one frame in these bytes carries, from TFI on. */
function contentOf(hex: string): Bytes {
  let content: Bytes = new Uint8Array(0);
  const deframer = createDeframer(function (frame) {
    if (frame.kind === "data") content = frame.content;
  });
  deframer.push(fromHex(hex));
  return content;
}
