// Which functions of the terminal are declared only while they are needed (build-nesting.ts). What lies between a card and
// its beep is not among them, because declaring takes time: Espruino reads the text of a function when it declares it.

/** Whoever holds what these return holds the code behind it, and its constants. */
export const LOADERS = ["createEsp32Board", "openCurve", "openUpdates"];

/** These run at a start or after a sale. What they return must not hold on to the code behind them, so nothing that makes
 * functions is moved. Those of one line share what they need, and are declared together. */
export const ERRANDS = [
  "decode",
  "decodeDownlink",
  "encode",
  "findOrders",
  "obeyGateway",
  "openJournal",
  "openNonces",
  "openStore",
  "readClock",
  "readEntry",
  "readSettings",
  // Keys, badges, and what the gateway wishes for.
  "pressKey handOver startShift tapBadge breakDown lowerLease recallLeases reopenShift",
  // The conversation with the gateway, and the packets in which it is held.
  "greet receive drop goOn stopMqtt publish subscribe",
  "hear changeState stopLink sendTokens sendAsk sendStatus sendBatch sendAgain",
  // What is written to flash after a sale, or instead of one.
  "acknowledge eraseAhead freePages startPage",
  "putPoint roomFor makeRoom skipPages",
  "missingPages nextMissing writePart hasRightHash startHalf manifestOf fits pageLength pageCount",
  "putChanged loweringOf judgeLease setLease grow",
  "addNew newestHead isWholeList dataOf catalogueOf blocksOf",
  "eraseHalf commitHalf readHead emptyLog",
].map((names) => names.split(" "));
