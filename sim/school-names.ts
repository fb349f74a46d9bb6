// First names and family names that one hears in a Brussels school. All fit Latin-1, which is what a terminal displays.

export const FIRST_NAMES = (
  "Emma Louise Zoé Léa Chloé Inès Noémie Élise Maëlle Anaïs Yasmine Aïcha Fatou Sofia Margaux Agathe " +
  "Héloïse Salomé Clémence Éléonore Juliette Romane Camille Sarah Nour Imane Océane Victoria Marie-Lou " +
  "Noé Théo Raphaël Hugo Loïc Maël Jérôme Mathéo Adam Yanis Mehdi Rayan Gaël Timéo Éloi Clément " +
  "François Matteo Kacper Ilyas Arthur Gabriel Nathan Sacha Jean-Baptiste Björn Tiago Ömer Wout Lars"
).split(" ");

export const GUARDIAN_NAMES = (
  "Anne Brigitte Carine Dominique Élodie Fabienne Geneviève Hélène Isabelle Joëlle Karima Laurence " +
  "Michèle Nadia Patricia Rachida Sabine Valérie Yvette Alain Benoît Christophe Didier Étienne Frédéric " +
  "Gérard Hassan Ivan Jacques Karim Luc Marc Olivier Pierre Rachid Stéphane Thierry Vincent Xavier Youssef"
).split(" ");

export const FAMILY_NAMES = [
  ..."Lambert Dubois Dupont Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters".split(
    " ",
  ),
  ..."Vermeulen Leclercq Lejeune Thiry Hénin Bodart Gérard Évrard Noël Collignon Dethier Wéry".split(
    " ",
  ),
  ..."Hoffmann Schmitz Müller Benali Öztürk Yildiz Diallo Ndiaye Mbuyi Kabongo Rossi Nguyen".split(
    " ",
  ),
  ..."Kowalski Ferreira Gonçalves Muñoz Popescu Haddad Bouchard Delacroix Renard Simonis Gillet".split(
    " ",
  ),
  ..."De Smet|Van den Berghe|El Amrani|Ben Saïd|Di Matteo|Van Damme|De Clercq|D'Hondt".split("|"),
];
