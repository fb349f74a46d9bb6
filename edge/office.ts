// The door for the school's office, which has the school's secret but no log-in: `npm run provision` registers a
// terminal's key here. Whoever cannot authenticate his request learns nothing but that.

import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { Hono } from "hono";
import { fromHex } from "#protocol/bytes.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import { MAC_HEADER, REGISTRATION_PATH, registrationMac } from "#protocol/registration.ts";
import { primitives } from "./crypto.ts";
import { log } from "./log.ts";

export type OfficeDoor = {
  school: string;
  sealSecret: Bytes;
  register(order: Registration): Promise<RegistrationResult>;
};

/** A registration has some 150 bytes. */
const BODY_BYTES_MAX = 1000;

/** Answers 403 to strangers, 422 with the reason to what is refused, else 200. */
export function office(doorOf: (c: Context) => OfficeDoor): Hono {
  const app = new Hono();
  app.post(REGISTRATION_PATH, async (c) => {
    const door = doorOf(c);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const mac = fromHex(c.req.header(MAC_HEADER) ?? "");
    if (body.length > BODY_BYTES_MAX || !isAuthentic(door, body, mac)) {
      log("office-refused", { path: REGISTRATION_PATH });
      return c.text("", 403);
    }
    const result = await door.register(JSON.parse(new TextDecoder().decode(body)) as Registration);
    return c.json(result, result.ok ? 200 : 422);
  });
  return app;
}

function isAuthentic(door: OfficeDoor, body: Bytes, mac: Bytes): boolean {
  const wanted = registrationMac(primitives.hmacSha256, door.sealSecret, door.school, body);
  return mac.length === wanted.length && timingSafeEqual(mac, wanted);
}
