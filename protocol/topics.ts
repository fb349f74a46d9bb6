// MQTT topic names: obole/1/{school}/{terminal}/up | down | here | roster/{page}.

export type Topic = {
  school: string;
  terminal: number;
  channel: "up" | "down" | "here" | "roster";
  page: number;
};

export const upTopic = (school: string, terminal: number): string =>
  topicOf(school, terminal, "up");
export const downTopic = (school: string, terminal: number): string =>
  topicOf(school, terminal, "down");
/** The last will: "1" while connected, "0" when the broker has lost the terminal. A hint, never a proof. */
export const hereTopic = (school: string, terminal: number): string =>
  topicOf(school, terminal, "here");
/** Retained, so that a terminal finds every page when it comes back. */
export const rosterTopic = (school: string, terminal: number, page: number): string =>
  topicOf(school, terminal, "roster") + "/" + page;
/** What the gateway of a school subscribes to. */
export const schoolTopics = (school: string): string[] => [
  "obole/1/" + school + "/+/up",
  "obole/1/" + school + "/+/here",
];
export const allRosterTopics = (school: string, terminal: number): string =>
  topicOf(school, terminal, "roster") + "/+";

function topicOf(school: string, terminal: number, channel: string): string {
  return "obole/1/" + school + "/" + terminal + "/" + channel;
}

/** The parts of a topic of ours; undefined for any other. Taken apart by hand, because a regular expression with groups does
 * not match on Espruino what it matches elsewhere. */
export function parseTopic(topic: string): Topic | undefined {
  const parts = topic.split("/");
  const school = parts[2] || "";
  const terminal = parts[3] || "";
  const channel = channelOf(parts[4]);
  if (parts[0] !== "obole" || parts[1] !== "1" || !channel) return undefined;
  if (parts.length !== (channel === "roster" ? 6 : 5)) return undefined;
  const page = channel === "roster" ? parts[5] || "" : "0";
  if (!school || /[^a-z0-9-]/.test(school) || !isNumber(terminal) || !isNumber(page))
    return undefined;
  return { school: school, terminal: Number(terminal), channel: channel, page: Number(page) };
}

function channelOf(name: string | undefined): Topic["channel"] | undefined {
  if (name === "up" || name === "down" || name === "here" || name === "roster") return name;
  return undefined;
}

const isNumber = (digits: string): boolean => digits !== "" && !/[^0-9]/.test(digits);
