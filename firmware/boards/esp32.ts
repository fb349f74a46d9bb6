// The box of the counter: an ESP32-DevKitC under Espruino 2v29, wired as PINS says (hardware/wiring.md shows the same table).

import type { Board } from "../board.ts";
import { readSettings } from "../settings.ts";
import { ESP32_STORAGE } from "./regions.ts";
import { createEspruinoBoard } from "./espruino-board.ts";

/** GPIO 0, 2, 5, 12 and 15 decide how the chip starts, 6 to 11 are its flash, 34 to 39 have no pull-up: none is used. */
export const PINS = {
  readerTx: "D17",
  readerRx: "D16",
  readerReset: "D25",
  displaySda: "D21",
  displayScl: "D22",
  buzzer: "D27",
  keyRows: ["D32", "D33", "D13", "D14"],
  keyColumns: ["D18", "D19", "D23", "D4"],
};

const READER_BAUD = 115200;
const DISPLAY_ADDRESS = 0x3c;
/** A DS3231 on the same two wires, if there is one. */
const CLOCK_ADDRESS = 0x68;
const DISPLAY_BITRATE = 400000;
const DEBOUNCE_MS = 20;
const WIFI_RETRY_MS = 5000;
/** RNG_DATA_REG (ESP32 technical reference manual, section 24): noise of the radio while Wi-Fi runs, a sequence otherwise. */
const NOISE_REGISTER = 0x3ff75144;

export function createEsp32Board(): Board {
  const board = createEspruinoBoard(ESP32_STORAGE, {
    nfc: openReader(),
    display: openDisplay(),
    keys: { onKey: watchKeys },
    tone: sound,
    restart: ESP32.reboot,
  });
  board.noise = () => peek32(NOISE_REGISTER);
  const wifi = wifiOf(board);
  if (wifi.name) joinWifi(board, wifi);
  board.rtc = {
    read: function (address, length) {
      I2C1.writeTo(CLOCK_ADDRESS, new Uint8Array([address]));
      return I2C1.readFrom(CLOCK_ADDRESS, length);
    },
    write: (data) => I2C1.writeTo(CLOCK_ADDRESS, data),
  };
  // Fed by upkeep.ts alone: Espruino would feed it while it idles, whatever has died.
  board.watchdog = {
    start: (seconds) => E.enableWatchdog(seconds, false),
    feed: E.kickWatchdog,
  };
  return board;
}

function openReader(): Board["nfc"] {
  pinMode(PINS.readerReset, "output");
  Serial3.setup(READER_BAUD, { tx: PINS.readerTx, rx: PINS.readerRx });
  return {
    write: (data) => Serial3.write(data),
    onData: (listener) => Serial3.on("data", (data) => listener(E.toUint8Array(data))),
    reset: (low) => digitalWrite(PINS.readerReset, !low),
  };
}

function openDisplay(): Board["display"] {
  I2C1.setup({ sda: PINS.displaySda, scl: PINS.displayScl, bitrate: DISPLAY_BITRATE });
  return { write: (data) => I2C1.writeTo(DISPLAY_ADDRESS, data) };
}

function sound(hz: number): void {
  if (hz) analogWrite(PINS.buzzer, 0.5, { freq: hz });
  else digitalWrite(PINS.buzzer, false);
}

/** Sixteen keys where four rows cross four columns. All rows are low, so any key pulls its column low; then one row
 * after the other is let go, and the one that lets the column rise holds the key. */
function watchKeys(listener: (key: number) => void): void {
  PINS.keyRows.forEach(function (row) {
    pinMode(row, "output");
    digitalWrite(row, false);
  });
  PINS.keyColumns.forEach(function (column, x) {
    pinMode(column, "input_pullup");
    const onPress = function (): void {
      const y = rowHolding(column);
      if (y >= 0) listener(y * PINS.keyColumns.length + x);
    };
    setWatch(onPress, column, { edge: "falling", repeat: true, debounce: DEBOUNCE_MS });
  });
}

function rowHolding(column: string): number {
  let holding = -1;
  PINS.keyRows.forEach(function (row, y) {
    digitalWrite(row, true);
    if (digitalRead(column)) holding = y;
    digitalWrite(row, false);
  });
  return holding;
}

type Wifi = { name: string; password: string };

/** Nothing else of the settings stays: what a board's functions see is held for ever, and the signer's table is large. */
function wifiOf(board: Board): Wifi {
  const read = readSettings(board.files, board.sha256);
  return read.ok ? read.settings.wifi : { name: "", password: "" };
}

function joinWifi(board: Board, wifi: Wifi): void {
  const radio = require("Wifi");
  let joining = false;
  function join(): void {
    if (joining) return;
    joining = true;
    radio.connect(wifi.name, { password: wifi.password }, function (fault) {
      joining = false;
      if (fault) board.after(WIFI_RETRY_MS, join);
    });
  }
  radio.on("disconnected", () => board.after(WIFI_RETRY_MS, join));
  radio.stopAP();
  join();
}
