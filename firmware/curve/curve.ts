// All that the terminal does with points of the curve, for those few who need it for a while. Its code and tables take
// some 500 of the interpreter's variables, so they are in memory only while somebody holds what openCurve gives
// (../build-nesting.ts).

import type { Board } from "../board.ts";
import { multiplyOn, startMultiple } from "./comb.ts";
import { encodeSlice, packPoint, startEncoding } from "./encoding.ts";
import type { Field } from "./field.ts";
import { createField } from "./field.ts";
import { readVerifyKey, startVerification, verifySlice } from "./verify.ts";

export type Curve = {
  field: Field;
  startMultiple: typeof startMultiple;
  multiplyOn: typeof multiplyOn;
  packPoint: typeof packPoint;
  startEncoding: typeof startEncoding;
  encodeSlice: typeof encodeSlice;
  readVerifyKey: typeof readVerifyKey;
  startVerification: typeof startVerification;
  verifySlice: typeof verifySlice;
};

export function openCurve(convolve: Board["convolve"]): Curve {
  return {
    field: createField(convolve),
    startMultiple: startMultiple,
    multiplyOn: multiplyOn,
    packPoint: packPoint,
    startEncoding: startEncoding,
    encodeSlice: encodeSlice,
    readVerifyKey: readVerifyKey,
    startVerification: startVerification,
    verifySlice: verifySlice,
  };
}
