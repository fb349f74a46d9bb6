// Goal: what npm start is told is understood or refused by name. Method: a table of words, and what
// follows.

import { expect, test } from "vitest";
import { brokerAddress, readOptions } from "./options.ts";

const read = (words: string) => readOptions(words ? words.split(" ") : [], { LEDGER_TOKEN: "t" });

test("without a word everything is built in, from port 4400 on", () => {
  expect(read("")).toEqual({
    json: false,
    fresh: false,
    stateFolder: ".obole",
    ports: { dashboard: 4400, terminals: 4401, ledger: 4402, broker: 4403, inspector: 4404 },
    brokerUrl: "mqtt://127.0.0.1:4403",
    ownBroker: true,
    ledgerUrl: "http://127.0.0.1:4402",
    ownLedger: true,
    ledgerToken: "t",
  });
});

test("outside servers take the place of the built-in ones", () => {
  const options = read("--broker mqtt://10.0.0.2:1884 --ledger libsql://school.turso.io --json");
  expect(options).toMatchObject({ ownBroker: false, ownLedger: false, json: true });
  expect(options).toMatchObject({ brokerUrl: "mqtt://10.0.0.2:1884" });
  expect(options).toMatchObject({ ledgerUrl: "libsql://school.turso.io" });
});

test("--port moves all ports", () => {
  expect(Object.values(read("--port 9000").ports)).toEqual([9000, 9001, 9002, 9003, 9004]);
});

test.each([
  ["--port 65532", "--port 65532 is not a number"],
  ["--port 0", "--port 0 is not a number"],
  ["--port 80a", "--port 80a is not a number"],
  ["--broker 127.0.0.1:1883", "--broker 127.0.0.1:1883 is not a URL"],
  ["--broker http://127.0.0.1", "--broker http://127.0.0.1 is not a URL"],
  ["--ledger file:ledger.db", "--ledger file:ledger.db is not a URL"],
  ["--freshly", "--freshly"],
  ["fresh", "fresh"],
])("%s is refused by name", (words, message) => {
  expect(() => read(words)).toThrow(message);
});

test.each([
  ["mqtt://127.0.0.1:1884", "127.0.0.1", 1884],
  ["mqtt://broker.school", "broker.school", 1883],
])("terminals reach %s", (url, host, port) => {
  expect(brokerAddress(url)).toEqual({ host, port });
});
