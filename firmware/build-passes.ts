// What the build does to the text between esbuild and terser, function by function, because only the modules say which
// code runs between a card and its beep. Esbuild names each module in a comment before its code.

import type { AnyNode, FunctionDeclaration, Program } from "acorn";
import { parse } from "acorn";
import { childrenOf } from "./gate-scopes.ts";

/** Modules through which every tap goes. Terser would put a function that is called once into its caller as a function
 * expression, which Espruino then makes anew at each call, by reading all of its text. Five variables for each
 * function that stays where it is buy a millisecond at each tap; elsewhere memory counts more. */
const TAP_MODULES = [
  ...modulesOf("protocol", "roster token write-entry"),
  ...modulesOf("firmware", "terminal tap steps sale machine screens journal journal-page"),
  ...modulesOf("firmware", "journal-ring nonces nonce-range entry-writer texts/languages"),
  ...modulesOf("firmware", "facts roster-store hands main"),
  ...modulesOf("firmware/drivers", "drawing font ntag424 pn532 pn532-frame presence proving"),
  ...modulesOf("firmware/drivers", "reader ssd1306"),
];

/** They call the function they are given before they return: methods of arrays, and functions of our own. */
const AT_ONCE = ["every", "filter", "findIndex", "forEach", "map", "some", "sort"];
const OWN_AT_ONCE = ["digestOfRoster", "digestOfScript", "trying"];

/** One of the outermost level. */
export type Statement = Program["body"][number];

function modulesOf(folder: string, names: string): string[] {
  return names.split(" ").map((name) => `${folder}/${name}.ts`);
}

/** What stands in the place of the text from start to end. */
type Piece = { start: number; end: number; text: string };

type Named = { node: FunctionDeclaration; module: string };

/** The functions of the outermost level. */
function functionsOf(text: string): Named[] {
  const modules: { start: number; name: string }[] = [];
  const onComment = (_: boolean, comment: string, start: number): number =>
    modules.push({ start, name: comment.trim() });
  const functions: Named[] = [];
  for (const node of parse(text, { ecmaVersion: 2022, onComment }).body) {
    const module = modules.findLast(({ start }) => start < node.start)?.name ?? "";
    if (node.type === "FunctionDeclaration") functions.push({ node, module });
  }
  return functions;
}

/** Espruino's directive "ram" copies a function into memory when it is declared. */
export function keepResident(text: string, resident: string[]): string {
  if (!resident.length) return text;
  const places = functionsOf(text).filter(({ module }) => resident.includes(module));
  return insertAt(
    text,
    places.map(({ node }) => node.body.start + 1),
    '"ram";',
  );
}

/** Leaves the functions of the tap where they are declared. */
export function keepDeclared(text: string): string {
  const kept = functionsOf(text).filter(({ module }) => TAP_MODULES.includes(module));
  return keepFromTerser(
    text,
    kept.map(({ node }) => node.id.name),
  );
}

/** Asks terser at each call of these functions to leave them where they are declared. */
export function keepFromTerser(text: string, names: string[]): string {
  const calls: number[] = [];
  visit(parse(text, { ecmaVersion: 2022 }), (node) => {
    if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return;
    if (names.includes(node.callee.name)) calls.push(node.start);
  });
  return insertAt(text, calls, "/*@__NOINLINE__*/");
}

export function visit(
  node: AnyNode,
  see: (node: AnyNode, parent: AnyNode) => void,
  parent = node,
): void {
  see(node, parent);
  for (const child of childrenOf(node)) visit(child, see, node);
}

/** Whether a function is called before the statement is over that it stands in. */
export function isAtOnce(node: AnyNode, parent: AnyNode): boolean {
  if (parent.type !== "CallExpression" || parent.callee === node) return false;
  const callee = parent.callee;
  if (callee.type === "Identifier") return OWN_AT_ONCE.includes(callee.name);
  const method = callee.type === "MemberExpression" ? callee.property : callee;
  return method.type === "Identifier" && AT_ONCE.includes(method.name);
}

/** Puts the functions of a tap before all others, because Espruino looks for a name along one list of all of them. They are
 * declarations, so their order changes nothing else. Figures and texts come even before, because terser puts their
 * values in place of their names only where it has read them. */
export function tapFirst(text: string): string {
  const ofTap = functionsOf(text).filter(({ module }) => TAP_MODULES.includes(module));
  const places = new Set(ofTap.map(({ node }) => node.start));
  const first = { constants: "", functions: "" };
  let rest = "";
  for (const node of parse(text, { ecmaVersion: 2022 }).body) {
    const statement = text.slice(node.start, node.end) + "\n";
    if (isConstant(node)) first.constants += statement;
    else if (places.has(node.start)) first.functions += statement;
    else rest += statement;
  }
  return first.constants + first.functions + rest;
}

/** Whether a statement only gives names to figures and texts. */
export function isConstant(node: AnyNode): boolean {
  if (node.type !== "VariableDeclaration") return false;
  return node.declarations.every((one) => one.init?.type === "Literal" && !("regex" in one.init));
}

/** Places are of the text as it was. */
export function insert(text: string, pieces: Piece[]): string {
  let inserted = "";
  let at = 0;
  for (const piece of pieces.toSorted((a, b) => a.start - b.start)) {
    inserted += text.slice(at, piece.start) + piece.text;
    at = piece.end;
  }
  return inserted + text.slice(at);
}

function insertAt(text: string, places: number[], what: string): string {
  const pieces = places.map((place) => ({ start: place, end: place, text: what }));
  return insert(text, pieces);
}
