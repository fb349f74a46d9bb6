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

const CHANNELS: Topic["channel"][] = ["up", "down", "here", "roster"];

/** The parts of a topic of ours; undefined for any other. */
export function parseTopic(topic: string): Topic | undefined {
  const parts = topic.split("/");
  const school = parts[2] || "";
  const channel = CHANNELS[CHANNELS.indexOf(parts[4] as Topic["channel"])];
  if (parts[0] !== "obole" || parts[1] !== "1" || !channel || /[^a-z0-9-]/.test(school) || !school)
    return undefined;
  const page = channel === "roster" ? parts[5] : "0";
  if (parts.length !== (channel === "roster" ? 6 : 5) || !isNumber(parts[3]) || !isNumber(page))
    return undefined;
  return { school: school, terminal: Number(parts[3]), channel: channel, page: Number(page) };
}

function isNumber(text: string | undefined): boolean {
  return !!text && !/[^0-9]/.test(text);
}
