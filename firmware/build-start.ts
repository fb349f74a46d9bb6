// What the build does so that Espruino need not hold what only the start needs: the last thing the script does is to forget
// every function and constant that nothing can reach any more once the terminal runs.

import type { AnyNode } from "acorn";
import { parse } from "acorn";
import type { Statement } from "./build-passes.ts";
import { isAtOnce, isConstant } from "./build-passes.ts";
import { isErrand } from "./build-nesting.ts";
import { childrenOf, isKey } from "./gate-scopes.ts";

/** Who names whom; from is "" for what the script does at the outermost level. late where a function does it that its maker
 * may leave behind, and so after the start. */
type Use = { from: string; to: string; isLate: boolean };

/** To stand behind a script's last statement. Names of figures and texts are not there any more: terser has put their values. */
export function forgetStart(text: string): string {
  const statements = parse(text, { ecmaVersion: 2022 }).body;
  const declared = statements.filter((node) => !isConstant(node)).flatMap(namesDeclared);
  const uses = statements.flatMap((node) => usesOf(node, declared));
  let forgotten = new Set(declared);
  for (;;) {
    const held = uses.filter(({ from, isLate }) => isLate || (from && !forgotten.has(from)));
    const needed = new Set(held.map(({ to }) => to));
    const fewer = [...forgotten].filter((name) => !needed.has(name));
    if (fewer.length === forgotten.size) break;
    forgotten = new Set(fewer);
  }
  return [text, ...[...forgotten].map((name) => `delete ${name};`)].join("\n");
}

function namesDeclared(node: Statement): string[] {
  if (node.type === "FunctionDeclaration") return [node.id.name];
  if (node.type !== "VariableDeclaration") return [];
  return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
}

function usesOf(statement: Statement, declared: string[]): Use[] {
  const uses: Use[] = [];
  const from = statement.type === "FunctionDeclaration" ? statement.id.name : "";
  const look = (node: AnyNode, parent: AnyNode, isLate: boolean): void => {
    if (node.type === "Identifier" && declared.includes(node.name))
      uses.push({ from, to: node.name, isLate });
    // What an errand declares within itself is gone with it.
    const isGone =
      node === statement ||
      !/Function/.test(node.type) ||
      isAtOnce(node, parent) ||
      (node.type === "FunctionDeclaration" && isErrand(from));
    for (const child of childrenOf(node))
      if (!isKey(child, node)) look(child, node, isLate || !isGone);
  };
  for (const child of childrenOf(statement))
    if (!isKey(child, statement)) look(child, statement, false);
  return uses;
}
