// What the pages of privacy say, in French: what is stored, and everybody's own file; its type is what the other languages must say.

export const privacy = {
  privacy: {
    title: "Vie privée",
    why: "Voici tout ce que l’école garde dans Obole sur les personnes, pourquoi, combien de temps et qui le voit. Rien n’est vendu, ni montré à quelqu’un d’autre.",
    what: "Quoi",
    whatFor: "Pourquoi",
    howLong: "Combien de temps",
    whoSees: "Qui le voit",
    days: (count: number) => `${count} jours`,
    keep: {
      erased: "tant que la personne est à l’école, puis jusqu’à l’effacement par l’économe",
      ended: "tant que cela sert, puis retiré le lendemain",
      books:
        "pour toujours, comme les livres de l’école l’exigent ; sous un simple numéro une fois le nom effacé",
    },
    viewers: {
      bursar: "économe",
      secretary: "secrétariat",
      counter: "comptoir",
      kitchen: "cuisine",
      auditor: "contrôle",
      guardian: "ses responsables",
      student: "l’élève",
      terminal: "terminaux de l’école",
      nobody: "personne",
    },
    matters: {
      account: {
        what: "Nom, nom d’utilisateur, langue, adresse e-mail, fonction",
        why: "pour se connecter et recevoir du courrier",
      },
      access: {
        what: "Mots de passe brouillés, clés d’accès, sessions, invitations",
        why: "pour que personne d’autre n’entre",
      },
      student: {
        what: "Nom et classe de l’élève, liens avec ses responsables",
        why: "pour savoir à qui est le solde et qui peut le voir",
      },
      health: {
        what: "Allergènes signalés par la famille",
        why: "pour que personne ne mange ce qui lui nuit",
      },
      card: { what: "Numéros des cartes et badges", why: "pour payer et ouvrir un comptoir" },
      order: { what: "Commandes de repas", why: "pour les préparer et les remettre" },
      book: {
        what: "Solde, achats, versements, réserves aux terminaux",
        why: "pour que chaque cent soit prouvé ; la loi oblige l’école à garder ses livres",
      },
      mail: { what: "Courrier envoyé par l’école", why: "pour savoir ce qui a été dit" },
      audit: {
        what: "Ce que l’équipe a fait, et ce qui a été effacé",
        why: "pour que chacun réponde de ses actes",
      },
    },
    rights: "Vos droits",
    file: "Vous pouvez voir et télécharger tout ce qui est gardé sur vous et vos enfants.",
    erasure:
      "Pour corriger ou effacer, adressez-vous à l’économe. Un élève est effacé quand son solde est à zéro. Les libellés des écritures comptables et le nom d’utilisateur de qui les a passées restent dans les livres.",
    outside:
      "Aucun nom ne sort lisible de l’école : ce qui voyage vers les terminaux est scellé, et les journaux techniques ne contiennent que des numéros.",
  },
  ownFile: {
    mine: "Mes données",
    link: "Toutes les données de cet élève",
    title: (name: string) => `Données de ${name}`,
    why: "Tout ce qu’Obole garde, tel que c’est écrit. Seuls les mots de passe et les secrets manquent.",
    download: "Télécharger le fichier (JSON)",
    rows: (count: number) => (count === 1 ? "1 ligne" : `${count} lignes`),
    more: (count: number) => `Et ${count} autres, dans le fichier.`,
  },
};

export type PrivacyTexts = typeof privacy;
