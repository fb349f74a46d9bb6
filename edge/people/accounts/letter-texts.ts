// The words of the printed letter, in four languages; French first, whose type is what the others must say.

import type { Language } from "#edge/session.ts";

const fr = {
  title: "Votre compte à l'école",
  about: (children: string) => `pour ${children}`,
  why: "Avec ce compte vous voyez le solde et les achats de votre enfant, et vous pouvez bloquer sa carte si elle est perdue. Ouvrez-le une seule fois, en moins d'une minute.",
  scan: "Avec un téléphone, visez ce carré :",
  type: (address: string) => `Ou ouvrez ${address} et tapez ce code :`,
  username: (username: string) => `Votre nom d'utilisateur : ${username}`,
  after: [
    "Le code est à vous seul. Il ne sert qu'une fois, pendant 14 jours.",
    "S'il est passé, demandez une autre lettre au secrétariat.",
  ],
};
type LetterTexts = typeof fr;

const nl: LetterTexts = {
  title: "Uw account op school",
  about: (children) => `voor ${children}`,
  why: "Met deze account ziet u het saldo en de aankopen van uw kind, en kunt u een verloren kaart blokkeren. U opent hem één keer, in minder dan een minuut.",
  scan: "Richt een telefoon op dit vierkant:",
  type: (address) => `Of open ${address} en typ deze code:`,
  username: (username) => `Uw gebruikersnaam: ${username}`,
  after: [
    "De code is alleen voor u. Hij werkt één keer, 14 dagen lang.",
    "Is hij verlopen, vraag dan een andere brief aan het secretariaat.",
  ],
};

const de: LetterTexts = {
  title: "Ihr Konto an der Schule",
  about: (children) => `für ${children}`,
  why: "Mit diesem Konto sehen Sie das Guthaben und die Einkäufe Ihres Kindes und können eine verlorene Karte sperren. Sie öffnen es einmal, in weniger als einer Minute.",
  scan: "Richten Sie ein Telefon auf dieses Quadrat:",
  type: (address) => `Oder öffnen Sie ${address} und geben Sie diesen Code ein:`,
  username: (username) => `Ihr Benutzername: ${username}`,
  after: [
    "Der Code ist nur für Sie. Er gilt einmal, 14 Tage lang.",
    "Ist er abgelaufen, bitten Sie das Sekretariat um einen anderen Brief.",
  ],
};

const en: LetterTexts = {
  title: "Your account at the school",
  about: (children) => `for ${children}`,
  why: "With this account you see your child's balance and purchases, and you can block a lost card. You open it once, in less than a minute.",
  scan: "Point a phone at this square:",
  type: (address) => `Or open ${address} and type this code:`,
  username: (username) => `Your username: ${username}`,
  after: [
    "The code is for you alone. It works once, for 14 days.",
    "If it has run out, ask the school office for another letter.",
  ],
};

export const LETTER_TEXTS: Record<Language, LetterTexts> = { fr, nl, de, en };
