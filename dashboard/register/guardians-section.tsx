// On a student's page: the guardians, each to be changed or removed, and the two ways to add one.

import type { Guardian } from "#edge/reads/register.ts";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";
import { LANGUAGES } from "../voice.ts";
import type { SectionProps } from "./pupil.tsx";
import type { Refused } from "./sent.ts";
import { shownIn, wordsFor } from "./sent.ts";

export function GuardiansSection({ file, refused, isOpen, voice }: SectionProps) {
  const { t } = voice;
  const path = `/register/students/${file.id}/guardians`;
  return (
    <section class="panel" id="guardians">
      <h2>{t.guardians.title}</h2>
      {file.guardians.length === 0 && <p class="empty">{t.guardians.none}</p>}
      <ul class="plain">
        {file.guardians.map((one) => (
          <li>
            <strong>{one.name}</strong> <small>{one.username}</small>{" "}
            <span>{one.address || t.guardians.noAddress}</span>{" "}
            {!one.isActivated && <small>{t.guardians.notActivated}</small>}
            {isOpen && <Change of={one} path={path} refused={refused} t={t} />}
          </li>
        ))}
      </ul>
      {isOpen && (
        <div class="columns">
          <Link path={path} refused={refused} t={t} />
          <Create path={path} refused={refused} t={t} />
        </div>
      )}
    </section>
  );
}

type FormProps = { path: string; refused: Refused | undefined; t: Texts };

/** Folded, but for the one that has come back. */
function Change({ of, path, refused, t }: FormProps & { of: Guardian }) {
  const [change, remove] = [`change-${of.id}`, `remove-${of.id}`];
  const isBack = refused?.part === change || refused?.part === remove;
  return (
    <details open={isBack}>
      <summary>{t.guardians.change}</summary>
      <Problem words={wordsFor(refused, change)} />
      <form class="fields" method="post" action={`${path}/${of.id}`}>
        <label>
          {t.guardians.name}
          <input name="name" value={shownIn(refused, change, "name", of.name)} required />
        </label>
        <label>
          {t.guardians.address}
          <input name="address" value={shownIn(refused, change, "address", of.address)} />
        </label>
        <button>{t.pupil.save}</button>
      </form>
      <Problem words={wordsFor(refused, remove)} />
      <form class="fields" method="post" action={`${path}/${of.id}/remove`}>
        <label>
          {t.guardians.removeWhy}
          <input name="reason" required autocomplete="off" />
        </label>
        <button class="quiet">{t.guardians.remove}</button>
      </form>
    </details>
  );
}

function Link({ path, refused, t }: FormProps) {
  return (
    <form class="fields" method="post" action={`${path}/link`}>
      <h3>{t.guardians.link}</h3>
      <Problem words={wordsFor(refused, "link")} />
      <label>
        {t.guardians.named}
        <input name="named" value={shownIn(refused, "link", "named", "")} required />
      </label>
      <button>{t.guardians.linkSubmit}</button>
    </form>
  );
}

function Create({ path, refused, t }: FormProps) {
  const shown = (name: string): string => shownIn(refused, "create", name, "");
  return (
    <form class="fields" method="post" action={path}>
      <h3>{t.guardians.create}</h3>
      <Problem words={wordsFor(refused, "create")} />
      <label>
        {t.pupil.lastName}
        <input name="lastName" value={shown("lastName")} required autocomplete="off" />
      </label>
      <label>
        {t.pupil.firstName}
        <input name="firstName" value={shown("firstName")} required autocomplete="off" />
      </label>
      <label>
        {t.guardians.address}
        <input type="email" name="address" value={shown("address")} autocomplete="off" />
      </label>
      <label>
        {t.guardians.language}
        <select name="language">
          {LANGUAGES.map((language) => (
            <option value={language} selected={language === shown("language")}>
              {t.language[language]}
            </option>
          ))}
        </select>
      </label>
      <button>{t.guardians.createSubmit}</button>
    </form>
  );
}
