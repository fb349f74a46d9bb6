// What the gateway writes to people by mail, in Dutch.

import type { MailTexts } from "./fr.ts";

export const nl: MailTexts = {
  locale: "nl-BE",
  head: {
    subject: (school, day) => `${school}: vingerafdruk van het grootboek van ${day}`,
    paragraphs: (school, day) => [`Grootboek van ${school}, op het einde van ${day}.`],
    block: "Blok",
    hash: "Vingerafdruk",
    after: (hash) => [
      "Bewaar dit bericht. Wie later een kopie van het grootboek krijgt, kan ermee aantonen dat er vóór die datum niets in veranderd is:",
      `npm run verify -- KOPIE --head ${hash}`,
      "De vingerafdruk staat ook op de pagina’s van de school, op het adres /heads. Ze zegt niets over een gezin.",
    ],
    note: "U krijgt deze mail omdat u de vingerafdrukken voor de school bewaart.",
  },
  connection: {
    subject: (school) => `${school}: open uw account`,
    hello: (name) => `Dag ${name},`,
    why: "De school heeft een account voor u geopend: u ziet er het saldo en de aankopen van uw kind, en u blokkeert er een verloren kaart. Kies een wachtwoord, het duurt minder dan een minuut.",
  },
  recovery: {
    subject: (school) => `${school}: uw toegang`,
    why: "Hier zijn de gebruikersnaam en de link die u vroeg.",
    ifNot: "Was u het niet? Doe niets: zonder deze mail komt niemand binnen.",
  },
  username: "Gebruikersnaam",
  code: "Code, als de link niet opengaat",
  open: "Mijn account openen",
  openOf: (name) => `De account van ${name} openen`,
  once: "De link werkt één keer, 14 dagen lang.",
  accountNote: "U krijgt deze mail omdat de school dit adres kent bij een van haar accounts.",
  cardBlocked: {
    subject: (child) => `De kaart van ${child} is geblokkeerd`,
    what: (child, moment) => `De kaart van ${child} werd geblokkeerd op ${moment}.`,
    after:
      "Wat nog met deze kaart gekocht zou worden, betaalt de school, niet uw gezin. Het saldo blijft heel.",
    found:
      "Een nieuwe kaart vraagt u op het secretariaat. Is de kaart terecht, dan kan wie ze blokkeerde ze weer vrijgeven.",
  },
  newDevice: {
    subject: (school) => `${school}: aanmelding op een nieuw toestel`,
    why: (name, moment) =>
      `Iemand heeft zich op ${moment} aangemeld op de account van ${name}, op een toestel dat we niet kenden.`,
    ifYou: "Was u het, dan hoeft u niets te doen.",
    ifNot: "Zo niet, meld dat toestel af en verander uw wachtwoord:",
    button: "Mijn toestellen bekijken",
    device: "Toestel",
  },
};
