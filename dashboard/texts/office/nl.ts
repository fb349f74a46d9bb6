// The accounts as the school's office sees them, in Dutch.

import type { Office } from "./fr.ts";

export const office: Office = {
  people: {
    title: "Toegang",
    search: "Naam, gebruikersnaam of adres",
    state: "Staat",
    anyState: "Alle",
    states: { closed: "nooit geopend", open: "geopend", "no-mail": "zonder mailadres" },
    name: "Persoon",
    role: "Rol",
    address: "Mailadres",
    noAddress: "geen",
    roles: {
      bursar: "econoom",
      secretary: "secretariaat",
      counter: "toog",
      kitchen: "keuken",
      guardian: "ouder of voogd",
      student: "leerling",
      auditor: "controle",
    },
    count: (count, closed) => `${count} accounts, waarvan ${closed} nooit geopend`,
    invited: (count) => (count === 1 ? "1 mail is vertrokken." : `${count} mails zijn vertrokken.`),
    openedOn: (date) => `geopend op ${date}`,
    invitedOn: (date) => `uitgenodigd op ${date}`,
    neverInvited: "nooit uitgenodigd",
    inviteAll: "Wie in deze lijst nooit zijn account opende uitnodigen",
    inviteAllWhy:
      "Ieder krijgt zijn gebruikersnaam en een link voor één keer, 14 dagen geldig. Links die al verstuurd zijn blijven geldig.",
    inviteByMail: (count) => `${count} mails versturen`,
    inviteOnPaper: (count) => `${count} brieven afdrukken (zonder mailadres)`,
  },
  person: {
    children: "Kinderen",
    mail: "Een aanmeldlink sturen",
    mailWhy: "Voor een eerste keer, een vergeten wachtwoord, een mail die nooit aankwam.",
    mailed: "De mail is vertrokken.",
    cannotMail:
      "Er kan geen mail vertrekken: het adres ontbreekt, of de persoon heeft de school verlaten.",
    letter: "Brief",
    letterWhy: "Een blad om zelf te overhandigen, met een code voor één keer.",
    print: "De brief afdrukken",
    addressSaved: "Het adres is bewaard.",
    factorWhy: "Als de telefoon en de herstelcodes verloren zijn. Ga eerst na wie het vraagt.",
    resetFactor: "De tweede factor verwijderen",
    factorReset: "De tweede factor is verwijderd; er moet een nieuwe ingesteld worden.",
    ownFactor: "Vraag iemand anders om uw tweede factor te verwijderen.",
    noReason: "Zeg waarom.",
  },
};
