// What the boards use of Espruino 2v29 and nothing more, from its reference (espruino.com/Reference).

type EspruinoBytes = string | Uint8Array | ArrayBuffer;
type EspruinoPin = string;

declare const E: {
  convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number;
  toUint8Array(data: EspruinoBytes): Uint8Array;
  toString(data: EspruinoBytes): string;
  /** Moves variables together, so that free ones lie side by side. */
  defrag(): void;
  enableWatchdog(seconds: number, automatic: boolean): void;
  kickWatchdog(): void;
  on(event: "init", action: () => void): void;
  /** On Linux only: a file of the folder that the interpreter runs in. */
  openFile(path: string, mode: "r" | "r+"): EspruinoFile;
};

declare const process: {
  on(event: "uncaughtException", listener: (error: unknown) => void): void;
  memory(): { free: number };
};

type EspruinoFile = {
  seek(offset: number): void;
  read(length: number): string;
  write(data: string): void;
};

type EspruinoCrypto = {
  SHA256(data: EspruinoBytes | EspruinoBytes[]): ArrayBuffer | undefined;
  SHA512(data: EspruinoBytes | EspruinoBytes[]): ArrayBuffer | undefined;
  AES: {
    encrypt(
      data: Uint8Array,
      key: Uint8Array,
      options: { mode: "CBC"; iv: Uint8Array },
    ): ArrayBuffer | undefined;
    decrypt(
      data: Uint8Array,
      key: Uint8Array,
      options: { mode: "CBC"; iv: Uint8Array },
    ): ArrayBuffer | undefined;
  };
};

type EspruinoFlash = {
  read(length: number, address: number): Uint8Array;
  write(data: Uint8Array, address: number): void;
  erasePage(address: number): void;
};

type EspruinoStorage = {
  read(name: string): string | undefined;
  read(name: string, offset: number, length: number): string | undefined;
  write(name: string, data: EspruinoBytes, offset?: number, size?: number): boolean;
  eraseAll(): void;
};

type EspruinoSocket = {
  write(data: string): boolean;
  end(): void;
  on(event: "data", listener: (data: string) => void): void;
  on(event: "close" | "error", listener: () => void): void;
};

type EspruinoNet = {
  connect(to: { host: string; port: number }, connected: () => void): EspruinoSocket;
};

type EspruinoWifi = {
  connect(
    name: string,
    options: { password: string },
    connected: (error: string | null) => void,
  ): void;
  stopAP(): void;
  on(event: "connected" | "disconnected", listener: () => void): void;
};

declare function require(name: "crypto"): EspruinoCrypto;
declare function require(name: "Flash"): EspruinoFlash;
declare function require(name: "Storage"): EspruinoStorage;
declare function require(name: "net"): EspruinoNet;
declare function require(name: "Wifi"): EspruinoWifi;

declare const Serial3: {
  setup(baud: number, pins: { tx: EspruinoPin; rx: EspruinoPin }): void;
  write(data: Uint8Array): void;
  on(event: "data", listener: (data: string) => void): void;
};

declare const I2C1: {
  setup(options: { sda: EspruinoPin; scl: EspruinoPin; bitrate: number }): void;
  writeTo(address: number, data: Uint8Array): void;
  readFrom(address: number, length: number): Uint8Array;
};

declare function peek32(address: number): number;

declare const ESP32: { reboot(): void };

declare function pinMode(pin: EspruinoPin, mode: "input_pullup" | "output"): void;
declare function digitalWrite(pin: EspruinoPin, high: boolean): void;
declare function digitalRead(pin: EspruinoPin): number;
declare function analogWrite(pin: EspruinoPin, duty: number, options: { freq: number }): void;
declare function setWatch(
  action: () => void,
  pin: EspruinoPin,
  options: { edge: "falling"; repeat: true; debounce: number },
): void;
/** A text is run as the outermost code. */
declare function setTimeout(action: (() => void) | string, milliseconds: number): number;
declare function clearTimeout(timer: number): void;
declare const console: { log(text: string): void };
declare function load(): void;
