// The words of mails, by language.

import type { Language } from "#edge/session.ts";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import type { MailTexts } from "./texts/fr.ts";
import { fr } from "./texts/fr.ts";
import { nl } from "./texts/nl.ts";

export const MAIL_TEXTS: Record<Language, MailTexts> = { fr, nl, de, en };
