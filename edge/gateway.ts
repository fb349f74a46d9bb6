// The school's Durable Object: the one holder of its MQTT session and the one writer of its ledger.
// It only assembles: messages go session -> batcher -> ingest -> PUBACK -> acks, pages come in
// through its methods. Anything may end it at any moment; what it had not acknowledged comes again.

import { DurableObject } from "cloudflare:workers";
import { fromHex } from "#protocol/bytes.ts";
import { cardMaster } from "#protocol/card-key.ts";
import type { Registration, RegistrationResult } from "#protocol/registration.ts";
import { schoolTopics } from "#protocol/topics.ts";
import { announce } from "./announce.ts";
import { broadcast, openStream } from "./events.ts";
import type { Publish } from "./downlink.ts";
import { createVoice } from "./downlink.ts";
import type { Stage } from "./events.ts";
import type { Batcher } from "./batcher.ts";
import { createBatcher } from "./batcher.ts";
import type { Unpacked } from "./border.ts";
import { unpack } from "./border.ts";
import { primitives } from "./crypto.ts";
import type { Environment } from "./environment.ts";
import { brokerLogIn, readSecret, siteOf } from "./environment.ts";
import { doDaily } from "./daily.ts";
import { mailerOf } from "./mail/mailer.ts";
import { createPostman } from "./mail/postman.ts";
import type { Intake } from "./ingest.ts";
import { BATCH_MESSAGES_MAX, ingestUnpacked } from "./ingest.ts";
import type { Command, CommandResult } from "./ledger/commands.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Closing, ClosingResult } from "./ledger/periods.ts";
import type { WriteOff, WriteOffResult } from "./ledger/write-offs.ts";
import { connectLedger, openLedger } from "./ledger/ledger.ts";
import type { LateChecks } from "./late-checks.ts";
import { checkLate, createLateChecks, resumeLate } from "./late-checks.ts";
import { recallLeavers } from "./leavers.ts";
import { log } from "./log.ts";
import type { Delivery, Session } from "./mqtt-session.ts";
import { startSession } from "./mqtt-session.ts";
import type { Act, ActResult } from "./people/acts.ts";
import type { Attempts } from "./people/attempts.ts";
import type { Answer, Browser, Knock } from "./people/accounts/knock.ts";
import { openHouse } from "./people/accounts/house.ts";
import type { Desk, PaperCode } from "./people/desk.ts";
import { openDesk } from "./people/desk.ts";
import { databaseOf } from "./reads/database.ts";
import { readSchoolName } from "./reads/people.ts";
import { recallShifts } from "./recall.ts";
import { coverFor } from "./reclaim.ts";
import type { Releasing } from "./releases.ts";
import { offerReleases } from "./releases.ts";
import type { Service } from "./service.ts";
import {
  SERVE_MS,
  answer,
  createService,
  hasNews,
  isPressing,
  noteEverybody,
  noteMoved,
  patienceMs,
  serve,
  watchVersions,
} from "./service.ts";
import type { Setting } from "./settings.ts";

/** An object without events is evicted after a minute or two (research of Nov 2026); an alarm is an
 * event. */
const WATCH_MS = 30_000;

/** What waits for its batch: unpacked at once, while the one before it is written. */
type Waiting = Unpacked & Pick<Delivery, "acknowledge">;

/** All that runs once the ledger has been reached. */
type Running = {
  ledger: Ledger;
  desk: Desk;
  service: Service;
  session: Session;
  batcher: Batcher<Waiting>;
};
/** What a batch passes through. */
type Line = {
  intake: Intake;
  service: Service;
  releasing: Releasing;
  late: LateChecks;
  batcher: Batcher<Waiting>;
};
export type GatewayState = {
  ledger: boolean;
  broker: boolean;
  /** Messages not yet in the ledger, and messages to terminals not yet taken by the broker. */
  waiting: number;
  unsent: number;
};

export class SchoolGateway extends DurableObject<Environment> implements Desk {
  #running: Promise<Running> | undefined;
  #stage: Stage = { listeners: new Set() };
  #attempts: Attempts = new Map();
  #postman = createPostman(mailerOf(this.env));

  /** Starts what is not running, and tells terminals what has changed since. Called by cron, pages
   * and the alarm. */
  async kick(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + WATCH_MS);
    const { service } = await this.#start();
    await watchVersions(service);
    await recallShifts(service);
    await recallLeavers(service);
    await doDaily(service.ledger, Date.now());
    await this.#postman(service.ledger);
    await serve(service);
  }

  override async alarm(): Promise<void> {
    // A ledger that is away must not end the chain of alarms.
    await this.kick().catch((error: unknown) => log("watch-failed", { error: String(error) }));
  }

  async command(command: Command): Promise<CommandResult> {
    const { desk, service } = await this.#start();
    const result = await coverFor(service, () => desk.command(command), shortOf);
    const student = "student" in command ? command.student : result.student;
    if (result.ok && !result.replayed && student !== undefined) {
      const isTopUp = command.kind === "topUp";
      const moved = isTopUp
        ? { kind: command.kind, cents: command.cents }
        : { kind: "correction" as const };
      broadcast(this.#stage, { ...moved, student });
      noteMoved(service, student);
      if (command.kind === "toSibling") noteMoved(service, command.to);
      this.ctx.waitUntil(serveOrLog(service));
    }
    return result;
  }

  async register(order: Registration, now: number): Promise<RegistrationResult> {
    return (await this.#start()).desk.register(order, now);
  }

  /** What the device held is free: other counters may be granted it at once. */
  async writeOff(order: WriteOff): Promise<WriteOffResult> {
    const { desk, service } = await this.#start();
    const result = await desk.writeOff(order);
    if (result.ok && !result.replayed) noteEverybody(service);
    this.ctx.waitUntil(serveOrLog(service));
    return result;
  }

  async closePeriod(order: Closing): Promise<ClosingResult> {
    return (await this.#start()).desk.closePeriod(order);
  }

  async set(setting: Setting): Promise<boolean> {
    return (await this.#start()).desk.set(setting);
  }

  async knock(knock: Knock, browser: Browser): Promise<Answer> {
    const { desk, ledger } = await this.#start();
    const answered = await desk.knock(knock, browser);
    this.ctx.waitUntil(this.#postman(ledger));
    return answered;
  }

  async invite(by: number, people: number[], means: "mail" | "paper"): Promise<PaperCode[]> {
    const { desk, ledger } = await this.#start();
    const codes = await desk.invite(by, people, means);
    this.ctx.waitUntil(this.#postman(ledger));
    return codes;
  }

  /** Terminals hear at once of what concerns them. */
  async act(act: Act): Promise<ActResult> {
    const { desk, service } = await this.#start();
    const result = await desk.act(act);
    if (result.ok) this.ctx.waitUntil(watchVersions(service).then(() => serveOrLog(service)));
    if (result.ok && act.kind === "leave") this.ctx.waitUntil(recallLeavers(service));
    return result;
  }

  async state(): Promise<GatewayState> {
    try {
      const { ledger, session, batcher } = await this.#start();
      await ledger.client.execute("select 1");
      const waiting = { waiting: batcher.waiting(), unsent: session.waiting() };
      return { ledger: true, broker: session.isConnected(), ...waiting };
    } catch (error) {
      log("ledger-away", { error: String(error) });
      return { ledger: false, broker: false, waiting: 0, unsent: 0 };
    }
  }

  /** The stream of events; who may see which is decided by the Worker, which is our only caller. */
  override fetch(request: Request): Response {
    return openStream(this.#stage, new URL(request.url).searchParams);
  }

  /** A failed start is forgotten, so that the next caller tries again. */
  #start(): Promise<Running> {
    this.#running ??= this.#assemble().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }

  async #assemble(): Promise<Running> {
    const { env } = this;
    const secret = readSecret(env, "SEAL_SECRET");
    const client = connectLedger(env.LEDGER_URL, env.LEDGER_TOKEN);
    const ledger = await openLedger(client, env.SCHOOL);
    const border = { school: env.SCHOOL, primitives, secret, keys: new Map() };
    const intake: Intake = { ledger, border, ring: new Map(), now: Date.now };
    const batcher: Batcher<Waiting> = createBatcher({
      sizeMax: BATCH_MESSAGES_MAX,
      run: (waiting) => this.#take({ intake, service, releasing, late, batcher }, waiting),
      onFailure: (error, retryMs) => log("batch-kept", { error: String(error), retryMs }),
    });
    const session = startSession({
      url: env.BROKER_URL,
      ...brokerLogIn(env, secret),
      topics: schoolTopics(env.SCHOOL),
      onDelivery: (delivery) =>
        batcher.push({ ...unpack(border, delivery), acknowledge: () => delivery.acknowledge() }),
    });
    const publish: Publish = (topic, payload, retain) => session.publish(topic, payload, retain);
    const voice = createVoice({ school: env.SCHOOL, secret, primitives, publish, now: Date.now });
    const cards = readSecret(env, "CARD_SECRET");
    const master = cardMaster(primitives.hmacSha256, cards, env.SCHOOL, "terminal");
    const service = createService(ledger, voice, Date.now, master);
    const releaseKey = env.RELEASE_KEY ? fromHex(env.RELEASE_KEY) : undefined;
    const releasing: Releasing = { client, voice, releaseKey, newest: undefined };
    const late = createLateChecks(ledger, Date.now, () => batcher.waiting() === 0);
    this.ctx.waitUntil(resumeLate(late, intake.ring).catch(logLate));
    const house = openHouse({
      ledger,
      site: siteOf(env),
      attempts: this.#attempts,
      now: () => Math.floor(Date.now() / 1000),
      name: await readSchoolName(databaseOf(client)),
    });
    const desk = openDesk(house);
    return { ledger, desk, service, session, batcher };
  }

  /** PUBACK and sealed acks only after the commit; what is due besides must never make a batch come
   * again. */
  async #take(line: Line, taken: Waiting[]): Promise<void> {
    const { intake, service, releasing, late, batcher } = line;
    const ingested = await ingestUnpacked(intake, taken);
    for (const one of taken) one.acknowledge();
    answer(service, ingested);
    announce(this.#stage, ingested);
    // Leases on which something was sold may wait a moment, and all else while more messages are in line:
    // what counts for those is their ack.
    const isLast = batcher.waiting() === taken.length;
    if (isPressing(service) || (isLast && hasNews(service))) await serveOrLog(service);
    else wakeLater(service);
    if (isLast)
      await offerReleases(releasing, ingested.results).catch((error: unknown) =>
        log("release-late", { error: String(error) }),
      );
    this.ctx.waitUntil(checkLate(late, ingested.owed).catch(logLate));
  }
}

function logLate(error: unknown): void {
  log("checks-late", { error: String(error) });
}

const shortOf = (result: CommandResult): number | undefined =>
  !result.ok && result.reason === "not-covered" ? result.student : undefined;

async function serveOrLog(service: Service): Promise<void> {
  await serve(service).catch((error: unknown) => log("service-late", { error: String(error) }));
  wakeLater(service);
}

/** Whoever waits at a counter for other counters is answered in time, even if no message comes; leases
 * on which something was sold are looked at, too. */
function wakeLater(service: Service): void {
  const ms = patienceMs(service) ?? (service.students.size ? SERVE_MS : undefined);
  if (ms === undefined || service.isWaking) return;
  service.isWaking = true;
  setTimeout(() => {
    service.isWaking = false;
    void serveOrLog(service);
  }, ms);
}
