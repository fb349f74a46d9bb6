// What pages say of proof, in Dutch: published heads, the mail that carries them, receipts.

import type { ProofTexts } from "./fr.ts";

export const proof: ProofTexts = {
  heads: {
    title: "Vingerafdrukken van het grootboek",
    why: "Elke nacht publiceert de school de vingerafdruk van haar grootboek. Wie er een bewaart, kan later aantonen dat er vóór dat moment niets veranderd is. Een vingerafdruk zegt niets over een gezin.",
    now: (block) => `Op dit ogenblik, blok ${block}:`,
    published: "Gepubliceerde vingerafdrukken",
    none: "Er is nog geen vingerafdruk gepubliceerd.",
    block: (block) => `blok ${block}`,
  },
  outbox: {
    title: "Post van de school",
    why: "Elk bericht wordt hier woord voor woord bewaard.",
    none: "Geen berichten.",
    sent: (moment) => `verstuurd op ${moment}`,
    states: {
      waiting: "wacht",
      sent: "verstuurd",
      refused: "geweigerd: dit adres ontvangt niets",
      "given-up": "opgegeven na vier dagen",
    },
    tried: (tries) => (tries === 1 ? "wacht, 1 poging" : `wacht, ${tries} pogingen`),
    deadWhy:
      "Er wordt niets meer naar dit adres gestuurd voor u zegt dat het werkt, of deze persoon een ander geeft.",
    again: "Het werkt: opnieuw sturen",
  },
  receipt: {
    title: "Zelf nagaan",
    why: "Het ontvangstbewijs bevat alles om deze beweging zonder ons na te gaan: hier, of later met npm run verify.",
    check: "Nagaan in deze browser",
    download: "Ontvangstbewijs downloaden",
    failed: "Het nagaan is niet gelukt. Probeer het dadelijk opnieuw.",
    good: {
      signature: "Geldige handtekening: de terminal heeft precies deze bytes ondertekend.",
      page: "De pagina zegt wat ondertekend is.",
      posted: "De boekingen dragen de vingerafdruk van dit bewijs.",
      block: "Het blok van het grootboek bevat precies deze boekingen.",
      head: "Het blok leidt naar de vingerafdruk die de school gepubliceerd heeft.",
    },
    bad: {
      signature: "Ongeldige handtekening: wat u ziet, is niet door deze terminal ondertekend.",
      page: "De pagina zegt niet wat ondertekend is.",
      posted: "De boekingen komen niet overeen met dit bewijs.",
      block: "Het blok van het grootboek bevat andere boekingen.",
      head: "Het blok leidt niet naar de gepubliceerde vingerafdruk.",
    },
    unknown: {
      signature:
        "Deze browser kan geen Ed25519-handtekening nagaan: download het bewijs, of gebruik een recente browser.",
      page: "Niets is door een terminal ondertekend.",
      posted: "Geen boeking.",
      block: "Deze beweging heeft geen geld verplaatst: geen blok bevat ze.",
      head: "De vingerafdruk van deze dag wordt vannacht gepubliceerd: kom daarna terug.",
    },
  },
};
