// The traffic of an agent of the fleet, and how its links are to be used.
import { useEffect, useMemo } from "preact/hooks";
import type { AgentDetail, Revision } from "./api";
import { LinkButton, type Target } from "./link-settings";
import type { LinkNow } from "./link-words";
import { RANGES } from "./series";
import { may } from "./session";
import { TrafficOf } from "./traffic";
import { TrafficFeed } from "./traffic-feed";

export function Traffic(props: {
  agent: AgentDetail;
  revisions: readonly Revision[];
  changed: () => Promise<unknown>;
  /** Is told of the links, whenever the agent tells of them. */
  tell: (links: readonly LinkNow[] | undefined) => void;
}) {
  const { agent, revisions, changed, tell } = props;
  const feed = useMemo(() => new TrafficFeed(agent.id), [agent.id]);
  const links = feed.newest.value?.links;
  useEffect(() => tell(links), [links]);
  const isOurs = agent.role === "client" && agent.state !== "revoked" && may("agents:write");
  return (
    <TrafficOf
      feed={feed}
      ranges={RANGES}
      links={agent.role === "client" ? "Links" : "Clients’ traffic"}
      settable={{
        of: agent.links,
        button: (link) => isOurs && buttonOf(link, { agent, changed }),
      }}
      isStale={feed.isQuiet.value || !agent.connected}
      revisions={revisions}
      nothing="An agent tells of its links when it is connected and its tunnel has begun."
    />
  );
}

function buttonOf(link: LinkNow | string | undefined, target: Target) {
  const name = typeof link === "object" ? link.name : link;
  return <LinkButton key={name} {...target} name={name} use={typeof link === "object" ? link.use : null} />;
}
