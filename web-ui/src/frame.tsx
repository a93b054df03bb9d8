// What stands around every page.
import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Connection, Logo } from "./components";
import { EnrolPlace } from "./enrol-button";
import { fleet, followFleet, isWaiting } from "./fleet";
import { reach, useLive } from "./live";
import { path } from "./router";
import { Action } from "./saying";
import { heartbeat, logout, may, me } from "./session";
import { stream } from "./stream";

const waiting = computed(() => fleet.value.value?.filter(isWaiting).length ?? 0);

const ICONS = {
  Overview: "M2 8.5 8 3l6 5.5V14H2ZM6.5 14v-3.5h3V14",
  Servers: "M2 3h12v4H2ZM2 9h12v4H2ZM4.5 5h1m-1 6h1",
  Approvals: "m2.5 8.5 3.5 3.5L13.5 4",
  Audit: "M3 3h10M3 6.5h10M3 10h7M3 13.5h5",
  Settings: "M2 4.5h6m4 0h2M2 11.5h2m4 0h6M10 2.5v4m-4 3v4",
};

function Entry(props: { to: string; name: keyof typeof ICONS; count?: number }) {
  const isHere = props.to === "/" ? path.value === "/" || path.value.startsWith("/agents/") : path.value === props.to;
  return (
    <li>
      <a href={props.to} aria-current={isHere ? "page" : undefined}>
        <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
          <path d={ICONS[props.name]} />
        </svg>
        <span>{props.name}</span>
        {props.count !== undefined && props.count > 0 && (
          <b class="count">
            {props.count}
            <span class="unseen"> waiting</span>
          </b>
        )}
      </a>
    </li>
  );
}

export function Frame(props: { children: ComponentChildren }) {
  useLive(heartbeat);
  useLive(fleet);
  useEffect(followFleet, []);
  // A socket that closes may be the first to know that the session has ended, or that nobody answers.
  useEffect(() => stream.isOpen.subscribe((isOpen) => void (isOpen || heartbeat.refresh())), []);
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
      const search = document.querySelector<HTMLInputElement>("input[type=search]");
      if (event.key === "/" && !isTyping && search !== null) {
        event.preventDefault();
        search.focus();
      }
    };
    addEventListener("keydown", find);
    return () => removeEventListener("keydown", find);
  }, []);
  return (
    <div class="frame">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="rail">
        <a class="brand" href="/">
          <Logo /> <span>onebox</span>
        </a>
        <nav aria-label="Pages">
          <ul>
            <Entry to="/" name="Overview" />
            <Entry to="/servers" name="Servers" />
            <Entry to="/approvals" name="Approvals" count={waiting.value} />
            {may("audit:read") && <Entry to="/audit" name="Audit" />}
            <Entry to="/settings" name="Settings" />
          </ul>
        </nav>
        <div class="who">
          <Connection />
          <p class="login-name">{me.value?.login}</p>
          <Action run={logout}>Log out</Action>
        </div>
      </header>
      <main id="content" class={reach.value.live ? "" : "stale"}>
        {props.children}
      </main>
      <EnrolPlace />
    </div>
  );
}
