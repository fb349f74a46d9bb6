// Tells the school's Worker the public key of a box, which it writes into the ledger (protocol/registration.ts). Sending it
// twice is harmless.

import { createHmac } from "node:crypto";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import { MAC_HEADER, REGISTRATION_PATH, registrationMac } from "#protocol/registration.ts";
import type { BoxFolder } from "./box-folder.ts";

const ANSWER_MS = 20_000;

const hmacSha256 = (key: Bytes, data: Bytes): Bytes =>
  createHmac("sha256", key).update(data).digest();

/** like: the terminal whose till a new one takes. Throws when the Worker cannot be reached or does not take us for the
 * office of this school. */
export async function register(
  url: string,
  sealSecret: Bytes,
  box: Pick<BoxFolder, "school" | "terminal" | "epoch" | "name" | "publicKey">,
  like: number | undefined,
): Promise<RegistrationResult> {
  const { terminal, epoch, name, publicKey } = box;
  const known: Registration = { terminal, epoch, name, publicKey };
  const order = like ? { ...known, like } : known;
  const body = Buffer.from(JSON.stringify(order));
  const mac = toHex(registrationMac(hmacSha256, sealSecret, box.school, body));
  const answer = await fetch(new URL(REGISTRATION_PATH, url), {
    method: "POST",
    body,
    headers: { [MAC_HEADER]: mac, "content-type": "application/json" },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (answer.status === 403)
    throw new Error(`provision: ${url} is another school's, or has another SEAL_SECRET`);
  if (answer.status !== 200 && answer.status !== 422)
    throw new Error(`provision: ${url} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as RegistrationResult;
}
