// A device that is lost, stolen or replaced is given up: first what that means and what it frees, then the order. The
// form carries the id of its command, so that a double click is the same order.

import { randomUUID } from "node:crypto";
import type { Device } from "#edge/reads/leases.ts";
import { Problem } from "../problem.tsx";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";

export async function writeOffForm(c: PageContext) {
  const device = await deviceIn(c);
  if (!device) return c.notFound();
  return confirmation(c, device, randomUUID(), "");
}

export async function writeOff(c: PageContext) {
  const { desk, person, now, voice } = c.var;
  const device = await deviceIn(c);
  if (!device || !person) return c.notFound();
  const field = await readFields(c);
  const id = field("id").trim();
  const { terminal, epoch } = device;
  const result = await desk.writeOff({ id, author: person.username, at: now, terminal, epoch });
  if (result.ok) return c.redirect("/terminals", 303);
  const { t } = voice;
  const problem = result.reason === "written-off" ? t.writeOff.already : t.topUp.failed;
  return confirmation(c, device, id || randomUUID(), problem);
}

async function deviceIn(c: PageContext): Promise<Device | undefined> {
  const terminal = numberIn(c.req.param("id"));
  const epoch = numberIn(c.req.param("epoch"));
  const devices = await c.var.reads.devices();
  return devices.find((one) => one.terminal === terminal && one.epoch === epoch);
}

function confirmation(c: PageContext, device: Device, id: string, problem: string) {
  const { voice } = c.var;
  const { t } = voice;
  return page(
    c,
    t.writeOff.title(device.name),
    <>
      <h1>{t.writeOff.title(device.name)}</h1>
      <Problem words={problem} />
      <section class="panel">
        <p>{t.writeOff.holds(device.students, voice.money(device.heldCents))}</p>
        <p>{t.writeOff.means}</p>
        <p>{t.writeOff.final}</p>
        <form
          class="fields"
          method="post"
          action={`/terminals/${device.terminal}/epochs/${device.epoch}/write-off`}
        >
          <input type="hidden" name="id" value={id} />
          <button>{t.writeOff.submit}</button>
        </form>
        <p>
          <a href="/terminals">{t.writeOff.back}</a>
        </p>
      </section>
    </>,
    { status: problem ? 422 : 200 },
  );
}

/** isOpen: whether the reader may give one up. */
type DevicesProps = { devices: Device[]; isOpen: boolean; now: number; voice: Voice };

/** On the terminals page: all that devices hold, and the way to give one up. */
export function Devices({ devices, isOpen, now, voice }: DevicesProps) {
  const { t } = voice;
  return (
    <section class="panel" id="devices">
      <h2>{t.writeOff.devices}</h2>
      <p>{t.writeOff.devicesWhy}</p>
      <ul class="plain">
        {devices.map((device) => (
          <li>
            {device.name} <small>{epochIn(device, voice)}</small>{" "}
            {t.writeOff.holds(device.students, voice.money(device.heldCents))}{" "}
            {device.recoveringSince > 0 && (
              <strong>{t.writeOff.recovering(voice.ago(device.recoveringSince, now))}</strong>
            )}{" "}
            {device.writtenOffAt > 0 && t.writeOff.gone(voice.date(device.writtenOffAt))}
            {isOpen && device.writtenOffAt === 0 && (
              <a href={`/terminals/${device.terminal}/epochs/${device.epoch}/write-off`}>
                {t.writeOff.link}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function epochIn({ epoch, isOld }: Device, { t }: Voice): string {
  return isOld ? t.writeOff.replaced(epoch) : t.writeOff.epoch(epoch);
}
