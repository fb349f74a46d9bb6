// What pages say of proof, in French: published heads, the mail that carries them, receipts; its type is what the other languages must say.

export const proof = {
  heads: {
    title: "Empreintes du registre",
    why: "Chaque nuit, l’école publie l’empreinte de son registre. Qui en garde une peut prouver plus tard que rien n’a été changé avant elle. Une empreinte ne dit rien d’aucune famille.",
    now: (block: number) => `À cet instant, bloc ${block} :`,
    published: "Empreintes publiées",
    none: "Aucune empreinte n’a encore été publiée.",
    block: (block: number) => `bloc ${block}`,
  },
  outbox: {
    title: "Courrier de l’école",
    why: "Chaque message est gardé ici, mot pour mot.",
    none: "Aucun message.",
    sent: (moment: string) => `envoyé le ${moment}`,
    states: {
      waiting: "attend",
      sent: "envoyé",
      refused: "refusé : cette adresse ne reçoit pas",
      "given-up": "abandonné après quatre jours",
    },
    tried: (tries: number) => (tries === 1 ? "attend, 1 essai" : `attend, ${tries} essais`),
    deadWhy:
      "Plus rien n’est envoyé à cette adresse avant que vous disiez qu’elle fonctionne, ou que vous en donniez une autre à cette personne.",
    again: "Elle fonctionne : renvoyer",
  },
  receipt: {
    title: "Vérifier soi-même",
    why: "Le reçu contient tout ce qu’il faut pour vérifier ce mouvement sans nous : ici même, ou plus tard avec npm run verify.",
    check: "Vérifier dans ce navigateur",
    download: "Télécharger le reçu",
    failed: "La vérification n’a pas pu se faire. Réessayez dans un instant.",
    good: {
      signature: "Signature valable : le terminal a signé exactement ces octets.",
      page: "La page dit ce qui a été signé.",
      posted: "Les écritures au registre portent l’empreinte de cette preuve.",
      block: "Le bloc du registre contient exactement ces écritures.",
      head: "Le bloc mène à l’empreinte publiée par l’école.",
    },
    bad: {
      signature: "Signature non valable : ce que vous voyez n’a pas été signé par ce terminal.",
      page: "La page ne dit pas ce qui a été signé.",
      posted: "Les écritures au registre ne correspondent pas à cette preuve.",
      block: "Le bloc du registre contient d’autres écritures.",
      head: "Le bloc ne mène pas à l’empreinte publiée.",
    },
    unknown: {
      signature:
        "Ce navigateur ne sait pas vérifier une signature Ed25519 : téléchargez le reçu, ou utilisez un navigateur récent.",
      page: "Rien n’a été signé par un terminal.",
      posted: "Aucune écriture.",
      block: "Ce mouvement n’a pas déplacé d’argent : aucun bloc ne le contient.",
      head: "L’empreinte de ce jour sera publiée la nuit prochaine : revenez ensuite.",
    },
  },
};

export type ProofTexts = typeof proof;
