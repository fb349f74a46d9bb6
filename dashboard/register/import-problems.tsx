// What is wrong with a file, line by line, as one would look for it in the spreadsheet.

import type { Problem } from "#edge/people/register/flaws.ts";
import type { Texts } from "../texts/fr.ts";

/** Whoever has more has chosen another file. */
const SHOWN_MAX = 500;
/** Enough to find the cell by. */
const VALUE_CHARACTERS = 60;

export function Problems({ problems, t }: { problems: Problem[]; t: Texts }) {
  const more = problems.length - SHOWN_MAX;
  return (
    <section class="panel" id="problems">
      <h2>{t.importing.problems(problems.length)}</h2>
      <p>{t.importing.problemsWhy}</p>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.importing.line}</th>
            <th scope="col">{t.importing.column}</th>
            <th scope="col">{t.importing.value}</th>
            <th scope="col">{t.importing.what}</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, SHOWN_MAX).map((one) => (
            <tr>
              <td>{one.line || ""}</td>
              <td>{columnOf(one, t)}</td>
              <td class="what">
                <code>{one.value.slice(0, VALUE_CHARACTERS)}</code>
              </td>
              <td>
                {t.importing.flaw[one.flaw]}
                {one.other > 0 && <small>{t.importing.other(one.other)}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{t.importing.more(more)}</p>}
    </section>
  );
}

/** A column that is missing has no header in the file: it is named in the reader's language. */
function columnOf({ flaw, column }: Problem, t: Texts): string {
  if (flaw !== "missing-column") return column;
  const names: Record<string, string> = t.importing.field;
  return names[column] ?? column;
}
