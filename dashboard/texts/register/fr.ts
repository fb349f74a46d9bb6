// The register from a file.

export const register = {
  register: {
    title: "Importer les élèves",
    file: "Fichier CSV",
    year: "Année scolaire",
    look: "Regarder le fichier",
    nothingYet: "Rien n’est enregistré avant votre confirmation.",
    noFile: "Choisissez un fichier.",
    unknown: "Cet import n’existe plus. Choisissez le fichier à nouveau.",
    changedMeanwhile:
      "Les élèves ont changé depuis votre premier regard. Vérifiez à nouveau, puis confirmez.",
    format: "Le fichier",
    formatWhy:
      "Une ligne par élève, avec jusqu’à quatre responsables. Le matricule est le numéro de l’école : importer le même fichier une deuxième fois met à jour et ne double rien.",
    formatColumns:
      "Colonnes nécessaires : matricule, nom, prénom, classe. Les autres sont facultatives, dans n’importe quel ordre.",
    formatCodes:
      "Séparé par des points-virgules, des virgules ou des tabulations ; en UTF-8 ou Windows-1252. Une cellule vide ne retire rien.",
    example:
      "matricule;nom;prénom;classe;allergènes;responsable 1 nom;responsable 1 prénom;responsable 1 mail;responsable 1 langue;responsable 2 nom;responsable 2 prénom;responsable 2 mail\n20260117;Lambert;Lina;3B;arachides, lait;Lambert;Paul;paul@maison.example;fr;Dumont;Claire;claire@ailleurs.example",
    previewTitle: "Ce que le fichier changerait",
    wrongLines: "Lignes à corriger",
    wrongLinesWhy:
      "Elles ne seront pas importées. Corrigez-les dans le fichier et importez-le à nouveau quand vous voulez.",
    added: "Nouveaux élèves",
    changed: "Élèves modifiés",
    unchanged: "Inchangés",
    guardiansAdded: "Nouveaux responsables",
    guardiansChanged: "Responsables modifiés",
    line: "Ligne",
    column: "Colonne",
    value: "Valeur",
    fault: "Pourquoi",
    confirm: "Confirmer l’import",
    another: "Choisir un autre fichier",
    back: "revient à l’école",
    missingWhy:
      "Cochez ceux qui ont quitté l’école : leurs cartes sont bloquées, leur famille garde le solde et peut le redemander. Les autres restent.",
    doneTitle: "Import terminé",
    ignored: (names: string) => `Colonnes laissées de côté : ${names}.`,
    became: (field: string, was: string, now: string) => `${field} : ${was} → ${now}`,
    missing: (count: number) => `Absents du fichier : ${count}`,
    done: (added: number, changed: number, guardians: number, left: number) =>
      `${added} élèves ajoutés, ${changed} modifiés, ${guardians} responsables ajoutés ou modifiés, ${left} départs.`,
    fields: {
      number: "matricule",
      lastName: "nom",
      firstName: "prénom",
      class: "classe",
      allergens: "allergènes",
    },
    faults: {
      missing: "manque",
      "too-long": "trop long",
      formula: "commence par un signe de formule (= + - @)",
      unreadable: "signes illisibles : mauvais codage du fichier",
      "bad-address": "n’est pas une adresse mail",
      "bad-language": "langue inconnue : fr, nl, de ou en",
      "bad-allergen": "allergène inconnu",
      "guardian-half": "il faut le nom et le prénom",
      twice: "déjà donné par une autre ligne",
      cells: "nombre de cellules différent de l’en-tête",
      quotes: "guillemets jamais refermés : le reste du fichier n’est pas lu",
      "no-column": "cette colonne manque",
      "too-many": "trop de lignes",
      empty: "fichier vide",
    },
  },
};

export type Register = typeof register;
