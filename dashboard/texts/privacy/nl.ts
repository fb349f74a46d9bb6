// What the pages of privacy say, in Dutch.

import type { PrivacyTexts } from "./fr.ts";

export const privacy: PrivacyTexts = {
  privacy: {
    title: "Privacy",
    why: "Dit is alles wat de school in Obole over mensen bewaart, waarom, hoe lang en wie het ziet. Niets wordt verkocht of aan iemand anders getoond.",
    what: "Wat",
    whatFor: "Waarom",
    howLong: "Hoe lang",
    whoSees: "Wie het ziet",
    days: (count) => `${count} dagen`,
    keep: {
      erased: "zolang de persoon op school is, daarna tot de econoom het wist",
      ended: "zolang het dient, daarna de volgende dag verwijderd",
      books:
        "voor altijd, zoals de boeken van de school het eisen; onder een nummer zodra de naam gewist is",
    },
    viewers: {
      bursar: "econoom",
      secretary: "secretariaat",
      counter: "toonbank",
      kitchen: "keuken",
      auditor: "controle",
      guardian: "ouders of voogden",
      student: "de leerling",
      terminal: "terminals van de school",
      nobody: "niemand",
    },
    matters: {
      account: {
        what: "Naam, gebruikersnaam, taal, e-mailadres, functie",
        why: "om aan te melden en post te krijgen",
      },
      access: {
        what: "Onleesbaar gemaakte wachtwoorden, toegangssleutels, sessies, uitnodigingen",
        why: "opdat niemand anders binnenkomt",
      },
      student: {
        what: "Naam en klas van de leerling, band met ouders of voogden",
        why: "om te weten van wie het saldo is en wie het mag zien",
      },
      health: {
        what: "Allergenen die de familie heeft gemeld",
        why: "opdat niemand eet wat schaadt",
      },
      card: {
        what: "Nummers van kaarten en badges",
        why: "om te betalen en een toonbank te openen",
      },
      order: {
        what: "Bestellingen van maaltijden",
        why: "om ze klaar te maken en te overhandigen",
      },
      book: {
        what: "Saldo, aankopen, stortingen, reserves bij terminals",
        why: "opdat elke cent bewezen is; de wet verplicht de school haar boeken te bewaren",
      },
      mail: { what: "Post die de school verstuurde", why: "om te weten wat er gezegd is" },
      audit: {
        what: "Wat het team heeft gedaan, en wat er gewist is",
        why: "opdat ieder voor zijn daden instaat",
      },
    },
    rights: "Uw rechten",
    file: "U kunt alles zien en downloaden wat over u en uw kinderen bewaard wordt.",
    erasure:
      "Om te verbeteren of te wissen wendt u zich tot de econoom. Een leerling wordt gewist als het saldo nul is. De omschrijving van boekingen en de gebruikersnaam van wie ze deed, blijven in de boeken.",
    outside:
      "Geen naam verlaat leesbaar de school: wat naar de terminals reist is verzegeld, en technische logboeken bevatten alleen nummers.",
  },
  ownFile: {
    mine: "Mijn gegevens",
    link: "Alle gegevens van deze leerling",
    title: (name) => `Gegevens van ${name}`,
    why: "Alles wat Obole bewaart, zoals het geschreven staat. Alleen wachtwoorden en geheimen ontbreken.",
    download: "Bestand downloaden (JSON)",
    rows: (count) => (count === 1 ? "1 rij" : `${count} rijen`),
    more: (count) => `En nog ${count}, in het bestand.`,
  },
};
