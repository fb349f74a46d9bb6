// What the gateway writes to people by mail, in French; its type is what the other languages must say.

export const fr = {
  locale: "fr-BE",
  headSubject: (school: string, day: string) => `${school} : empreinte du registre du ${day}`,
  headBody: (school: string, day: string, block: number, hash: string) =>
    `Registre de ${school}, à la fin du ${day}.

Bloc ${block}
${hash}

Gardez ce message. Quiconque reçoit plus tard une copie du registre peut ainsi prouver que rien n’y a été changé avant cette date :
npm run verify -- COPIE --head ${hash}

L’empreinte est aussi publiée sur les pages de l’école, à l’adresse /heads. Elle ne dit rien d’aucune famille.
`,
};

export type MailTexts = typeof fr;
