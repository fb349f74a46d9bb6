// First names and family names that one hears in a Brussels school. All fit Latin-1, which is what
// a terminal displays.

export const FIRST_NAMES = list(`
  Emma Louise Zoé Léa Chloé Inès Noémie Élise Maëlle Anaïs Yasmine Aïcha Fatou Sofia Margaux Agathe
  Héloïse Salomé Clémence Éléonore Juliette Romane Camille Sarah Nour Imane Océane Victoria
  Marie-Lou Noé Théo Raphaël Hugo Loïc Maël Jérôme Mathéo Adam Yanis Mehdi Rayan Gaël Timéo Éloi
  Clément François Matteo Kacper Ilyas Arthur Gabriel Nathan Sacha Jean-Baptiste Björn Tiago Ömer
  Wout Lars`);

export const GUARDIAN_NAMES = list(`
  Anne Brigitte Carine Dominique Élodie Fabienne Geneviève Hélène Isabelle Joëlle Karima Laurence
  Michèle Nadia Patricia Rachida Sabine Valérie Yvette Alain Benoît Christophe Didier Étienne
  Frédéric Gérard Hassan Ivan Jacques Karim Luc Marc Olivier Pierre Rachid Stéphane Thierry Vincent
  Xavier Youssef`);

/** An underscore stands for the space within a name. */
export const FAMILY_NAMES = list(`
  Lambert Dubois Dupont Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters
  Vermeulen Leclercq Lejeune Thiry Hénin Bodart Gérard Évrard Noël Collignon Dethier Wéry Hoffmann
  Schmitz Müller Benali Öztürk Yildiz Diallo Ndiaye Mbuyi Kabongo Rossi Nguyen Kowalski Ferreira
  Gonçalves Muñoz Popescu Haddad Bouchard Delacroix Renard Simonis Gillet De_Smet Van_den_Berghe
  El_Amrani Ben_Saïd Di_Matteo Van_Damme De_Clercq D'Hondt`).map((name) =>
  name.replaceAll("_", " "),
);

function list(names: string): string[] {
  return names.trim().split(/\s+/);
}
