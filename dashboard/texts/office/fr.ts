// The accounts as the school's office sees them.

export const office = {
  people: {
    title: "Comptes d’accès",
    search: "Nom, nom d’utilisateur ou adresse",
    state: "État",
    anyState: "Tous",
    states: { closed: "jamais ouverts", open: "ouverts", "no-mail": "sans adresse mail" },
    name: "Personne",
    role: "Rôle",
    address: "Adresse mail",
    noAddress: "aucune",
    roles: {
      bursar: "économe",
      secretary: "secrétariat",
      counter: "comptoir",
      kitchen: "cuisine",
      guardian: "responsable",
      student: "élève",
      auditor: "contrôle",
    },
    count: (count: number, closed: number) => `${count} comptes, dont ${closed} jamais ouverts`,
    invited: (count: number) => (count === 1 ? "1 mail est parti." : `${count} mails sont partis.`),
    openedOn: (date: string) => `ouvert le ${date}`,
    invitedOn: (date: string) => `invité le ${date}`,
    neverInvited: "jamais invité",
    inviteAll: "Inviter ceux de cette liste qui n’ont jamais ouvert leur compte",
    inviteAllWhy:
      "Chacun reçoit son nom d’utilisateur et un lien à usage unique, valable 14 jours. Les liens déjà envoyés restent valables.",
    inviteByMail: (count: number) => `Envoyer ${count} mails`,
    inviteOnPaper: (count: number) => `Imprimer ${count} lettres (sans adresse mail)`,
  },
  person: {
    children: "Enfants",
    mail: "Envoyer un lien de connexion",
    mailWhy: "Pour une première connexion, un mot de passe oublié, un mail jamais reçu.",
    mailed: "Le mail est parti.",
    cannotMail: "Aucun mail ne peut partir : l’adresse manque, ou la personne a quitté l’école.",
    letter: "Lettre",
    letterWhy: "Une page à remettre en main propre, avec un code à usage unique.",
    print: "Imprimer la lettre",
    addressSaved: "L’adresse est enregistrée.",
    factorWhy:
      "Si le téléphone et les codes de secours sont perdus. Assurez-vous d’abord de qui le demande.",
    resetFactor: "Retirer le deuxième facteur",
    factorReset: "Le deuxième facteur est retiré ; il faudra en mettre un nouveau en place.",
    ownFactor: "Demandez à une autre personne de retirer votre deuxième facteur.",
    noReason: "Dites pourquoi.",
  },
};

export type Office = typeof office;
