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

/** The parts of a topic of ours; undefined for any other. */
export function parseTopic(topic: string): Topic | undefined {
  const match = /^obole\/1\/([a-z0-9-]+)\/([0-9]+)\/(up|down|here|roster)(\/([0-9]+))?$/.exec(
    topic,
  );
  if (!match) return undefined;
  const channel = match[3] as Topic["channel"];
  if ((channel === "roster") !== !!match[5]) return undefined;
  return {
    school: match[1] as string,
    terminal: Number(match[2]),
    channel: channel,
    page: Number(match[5] || 0),
  };
}
