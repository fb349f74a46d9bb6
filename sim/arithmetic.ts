// With what the terminal checks a signature: hashes and convolution as the board has them in Node, and the reduction modulo
// L of its own signer, which is the same under every key.

import { makeSigningTable } from "#firmware/provision/table.ts";
import { createSigner } from "#firmware/signer.ts";
import { convolve } from "./board-node.ts";
import { sha512 } from "./primitives.ts";

const anyKey = {
  publicKey: new Uint8Array(32),
  nonceSeed: new Uint8Array(32),
  epoch: 1,
  table: makeSigningTable(1n),
};
const { moduloL } = createSigner({ sha512, convolve }, anyKey);

export const arithmetic = { sha512, convolve, moduloL };
