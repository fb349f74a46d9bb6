// What a browser may ask of the accounts, and what it is answered. These cross from the pages' Worker to the gateway
// object, so they are plain data.

/** cookie: the request's header, whole. address: of the network the request came from. */
export type Browser = { cookie: string; agent: string; address: string };

export type Knock =
  | { call: "logIn"; username: string; password: string }
  /** Six digits of an authenticator, or a recovery code. */
  | { call: "enterCode"; code: string }
  | { call: "logOut" }
  | { call: "askPasskey" }
  /** credential: what the browser's WebAuthn answered, as JSON (W3C WebAuthn level 3 section 5.1). */
  | { call: "usePasskey"; credential: string }
  | { call: "newPasskey" }
  | { call: "addPasskey"; credential: string; name: string }
  | { call: "removePasskey"; id: string }
  | { call: "startCodes"; password: string }
  | { call: "confirmCodes"; code: string }
  | { call: "newRecoveryCodes"; password: string }
  | { call: "changePassword"; old: string; password: string }
  | { call: "endSession"; person: number; session: number }
  | { call: "endOthers"; person: number; session: number }
  /** A one-time connection token: choose a password with it, or only come in, to add a passkey. */
  | { call: "choosePassword"; code: string; password: string }
  | { call: "comeIn"; code: string }
  /** A new token by mail: for whoever gives a username or an address, or holds an old token. */
  | { call: "recover"; who: string }
  | { call: "again"; code: string };

export type KnockRefusal =
  | "wrong"
  | "later"
  | "byMail"
  | "short"
  | "long"
  | "easy"
  | "used"
  | "expired"
  | "unknown"
  | "noMail"
  | "second-factor"
  | "failed";

/** cookies: lines for Set-Cookie. value: JSON of what was asked for, "" for nothing. next: what still has to be done. */
export type Answer =
  | { ok: true; cookies: string[]; value: string; next: "" | "code" }
  | { ok: false; cookies: string[]; reason: KnockRefusal };

export function done(cookies: string[] = [], value = "", next: "" | "code" = ""): Answer {
  return { ok: true, cookies, value, next };
}

export function refused(reason: KnockRefusal, cookies: string[] = []): Answer {
  return { ok: false, cookies, reason };
}
