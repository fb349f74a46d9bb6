// What the gateway writes to people by mail, in French; its type is what the other languages must say.

export const fr = {
  locale: "fr-BE",
  head: {
    subject: (school: string, day: string) => `${school} : empreinte du registre du ${day}`,
    paragraphs: (school: string, day: string) => [`Registre de ${school}, à la fin du ${day}.`],
    block: "Bloc",
    hash: "Empreinte",
    after: (hash: string) => [
      "Gardez ce message. Quiconque reçoit plus tard une copie du registre peut ainsi prouver que rien n’y a été changé avant cette date :",
      `npm run verify -- COPIE --head ${hash}`,
      "L’empreinte est aussi publiée sur les pages de l’école, à l’adresse /heads. Elle ne dit rien d’aucune famille.",
    ],
    note: "Vous recevez ce mail parce que vous gardez les empreintes pour l’école.",
  },
  connection: {
    subject: (school: string) => `${school} : ouvrez votre compte`,
    hello: (name: string) => `Bonjour ${name},`,
    why: "L’école vous a ouvert un compte : vous y voyez le solde et les achats de votre enfant, et vous y bloquez sa carte si elle est perdue. Choisissez un mot de passe, cela prend moins d’une minute.",
  },
  recovery: {
    subject: (school: string) => `${school} : votre accès`,
    why: "Voici le nom d’utilisateur et le lien que vous avez demandés.",
    ifNot: "Ce n’était pas vous ? Ne faites rien : sans ce mail, personne n’entre.",
  },
  username: "Nom d’utilisateur",
  code: "Code, si le lien ne s’ouvre pas",
  open: "Ouvrir mon compte",
  openOf: (name: string) => `Ouvrir le compte de ${name}`,
  once: "Le lien sert une fois, pendant 14 jours.",
  accountNote:
    "Vous recevez ce mail parce que l’école connaît cette adresse pour un de ses comptes.",
  cardBlocked: {
    subject: (child: string) => `La carte de ${child} est bloquée`,
    what: (child: string, moment: string) => `La carte de ${child} a été bloquée le ${moment}.`,
    after:
      "Ce qui serait encore acheté avec cette carte est à la charge de l’école, pas de votre famille. Le solde reste entier.",
    found:
      "Une nouvelle carte se demande au secrétariat. Si la carte est retrouvée, qui l’a bloquée peut la débloquer.",
  },
  newDevice: {
    subject: (school: string) => `${school} : connexion depuis un nouvel appareil`,
    why: (name: string, moment: string) =>
      `Quelqu’un s’est connecté au compte de ${name}, le ${moment}, depuis un appareil que nous ne connaissions pas.`,
    ifYou: "Si c’était vous, il n’y a rien à faire.",
    ifNot: "Sinon, déconnectez cet appareil et changez votre mot de passe :",
    button: "Voir mes appareils",
    device: "Appareil",
  },
};

export type MailTexts = typeof fr;
