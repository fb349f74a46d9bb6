// What pages say of leases, in French: where a balance is reserved, and devices that are given up; its type is what the other languages must say.

export const leases = {
  reserved: {
    title: "Où le solde est réservé",
    free: (amount: string) => `Libre pour tout le reste : ${amount}.`,
    why: "Chaque terminal peut vendre sans réseau jusqu’au montant réservé pour lui, et personne d’autre ne peut y toucher. Il le rend à la fermeture du soir, ou dès qu’un autre terminal ou le bureau en a besoin.",
    granted: (ago: string) => `Réservé ${ago}.`,
    here: "Terminal connecté : il peut le rendre à l’instant.",
    away: (ago: string) =>
      `Terminal hors ligne (vu ${ago}) : il garde la réserve jusqu’à son retour.`,
    old: "Ancien appareil : la réserve reste jusqu’à ce que l’école y renonce.",
  },
  writeOff: {
    title: (name: string) => `Renoncer à l’appareil ${name}`,
    devices: "Ce que les appareils réservent",
    devicesWhy:
      "Un appareil perdu, volé ou remplacé garde ses réserves jusqu’à ce que l’école y renonce.",
    epoch: (epoch: number) => `époque ${epoch}`,
    replaced: (epoch: number) => `époque ${epoch}, remplacée`,
    holds: (students: number, amount: string) =>
      students === 0
        ? "ne réserve rien"
        : `${amount} pour ${students === 1 ? "un élève" : `${students} élèves`}`,
    means:
      "Ces montants redeviennent libres pour les familles. Ce que l’appareil a vendu sans l’avoir encore envoyé, et ce qu’il vendrait encore, sera à la charge de l’école, jamais d’une famille.",
    final: "C’est définitif : pour resservir, l’appareil devra être enregistré à nouveau.",
    submit: "Renoncer à cet appareil",
    link: "Perdu, volé ou remplacé",
    back: "Retour aux terminaux",
    already: "L’école y a déjà renoncé.",
    gone: (date: string) => `abandonné le ${date}`,
    recovering: (ago: string) =>
      `Doit encore dire ce qu’il a vendu : le registre a été remis à une sauvegarde ${ago}.`,
  },
};

export type LeaseTexts = typeof leases;
