// Checks a receipt with what a browser has: SHA-256 and Ed25519 of WebCrypto, and the little CBOR that tokens and blocks
// are made of (RFC 8949). Knows nothing of the page; each step is "good", "bad" or "unknown" (cannot be told here).

/** receipt as the school gave it; shown: what its page says of the movement. */
export async function checkReceipt(receipt, shown) {
  const cause = receipt.token ? bytesOf(receipt.token) : new TextEncoder().encode(receipt.command);
  const said = receipt.token ? readToken(cause) : undefined;
  const evidence = hexOf(await sha256(cause));
  const cents = receipt.transfers.reduce((sum, one) => sum + one.amount, 0);
  const isPosted = receipt.transfers.every((one) => one.evidence === evidence);
  const isWhole = said?.kind !== PURCHASE || cents === said.totalCents;
  const sealed = await checkSeal(receipt);
  return {
    said,
    steps: {
      signature: said ? await checkSignature(said, receipt.publicKey) : "unknown",
      page: said ? verdict(isShown(said, cents, shown)) : "unknown",
      posted: verdict(isPosted && isWhole),
      ...sealed,
    },
  };
}

const PURCHASE = 2;
const verdict = (isGood) => (isGood ? "good" : "bad");

export const bytesOf = (hex) =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function isShown(said, cents, shown) {
  const lines = said.lines.map(([product, , quantity, unit]) => [product, quantity, unit]);
  return (
    said.time === shown.time &&
    said.seq === shown.seq &&
    (said.kind !== PURCHASE || cents === shown.totalCents) &&
    JSON.stringify(lines) === JSON.stringify(shown.lines ?? [])
  );
}

/** "unknown" in a browser without Ed25519. */
async function checkSignature(said, publicKey) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", bytesOf(publicKey), "Ed25519", false, ["verify"]);
  } catch {
    return "unknown";
  }
  return verdict(await crypto.subtle.verify("Ed25519", key, said.signature, said.signedBytes));
}

/** The transfers are leaves of their block, and that block leads to the head that was published. */
async function checkSeal({ transfers, block, path, head }) {
  if (!block) return { block: "unknown", head: "unknown" };
  for (const one of transfers) {
    const { seq, source, counter, line, debit, credit, amount, at, reverses, evidence } = one;
    const numbers = [seq, source, counter, line, debit, credit, amount, at, reverses];
    const leaf = hexOf(await sha256(encode(["transfer/1", ...numbers, bytesOf(evidence)])));
    if (block.leaves[seq - block.first] !== leaf) return { block: "bad", head: "bad" };
  }
  const isWhole = block.leaves.length === block.last - block.first + 1;
  const leaves = await sha256(bytesOf(block.leaves.join("")));
  let hash = await hashOfBlock(block, bytesOf(block.prev), leaves);
  let { no, last } = block;
  let isChained = isWhole;
  for (const next of path) {
    isChained &&= next.no === no + 1 && next.first === last + 1;
    hash = await hashOfBlock(next, hash, bytesOf(next.leaves));
    ({ no, last } = next);
  }
  if (!head) return { block: verdict(isWhole), head: "unknown" };
  const isHead = isChained && head.block === no && head.hash === hexOf(hash);
  return { block: verdict(isWhole), head: verdict(isHead) };
}

const hashOfBlock = ({ no, first, last }, prev, leaves) =>
  sha256(encode(["block/1", no, first, last, prev, leaves]));

/** A COSE_Sign1 (RFC 9052 section 4.2): tag 18, [protected, unprotected, payload, signature]. */
function readToken(token) {
  const [head, , payload, signature] = decode(token.subarray(1));
  const fields = decode(payload);
  return {
    signature,
    signedBytes: encode(["Signature1", head, new Uint8Array(0), payload]),
    terminal: fields.get(1),
    seq: fields.get(3),
    time: fields.get(5),
    kind: fields.get(7),
    lines: fields.get(12) ?? [],
    totalCents: fields.get(13) ?? 0,
  };
}

function decode(bytes) {
  let at = 0;
  const read = () => {
    const initial = bytes[at++];
    const [major, info] = [initial >> 5, initial & 31];
    let count = info;
    if (info > 23) {
      count = 0;
      for (let left = 1 << (info - 24); left > 0; left--) count = count * 256 + bytes[at++];
    }
    if (major === 0) return count;
    if (major === 1) return -1 - count;
    if (major === 2) return bytes.slice(at, (at += count));
    if (major === 4) return Array.from({ length: count }, read);
    if (major === 5) return new Map(Array.from({ length: count }, () => [read(), read()]));
    throw new Error(`receipt: CBOR of major type ${major}`);
  };
  return read();
}

function encode(value) {
  const bytes = [];
  const head = (major, count) => {
    const size =
      count < 24 ? 0 : count < 2 ** 8 ? 1 : count < 2 ** 16 ? 2 : count < 2 ** 32 ? 4 : 8;
    bytes.push((major << 5) | (size ? 24 + Math.log2(size) : count));
    for (let i = size - 1; i >= 0; i--) bytes.push(Math.floor(count / 256 ** i) % 256);
  };
  const write = (one) => {
    if (typeof one === "number") return one < 0 ? head(1, -1 - one) : head(0, one);
    if (typeof one === "string") {
      head(3, one.length);
      return bytes.push(...new TextEncoder().encode(one));
    }
    head(Array.isArray(one) ? 4 : 2, one.length);
    return Array.isArray(one) ? one.forEach(write) : bytes.push(...one);
  };
  write(value);
  return Uint8Array.from(bytes);
}
