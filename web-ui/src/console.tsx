import { signal } from "@preact/signals";
import { render } from "preact";
import { AgentPage } from "./agent";
import { ApprovalsPage } from "./approvals";
import { Failure, Page, Skeleton } from "./components";
import { Frame } from "./frame";
import { Later } from "./later";
import { LoginPage } from "./login";
import { OverviewPage } from "./overview";
import { path } from "./router";
import { Toasts } from "./saying";
import { identify, me } from "./session";
import "./style.css";
import "./theme";

const failure = signal<Error | undefined>(undefined);

async function begin(): Promise<void> {
  failure.value = undefined;
  await identify().catch((error: Error) => (failure.value = error));
}

const loadAudit = () => import("./audit").then((module) => module.AuditPage);
const loadServers = () => import("./servers").then((module) => module.ServersPage);
const loadSetUp = () => import("./set-up").then((module) => module.SetUpPage);
const loadSettings = () => import("./settings").then((module) => module.SettingsPage);

function CurrentPage() {
  const [, first = "", second = ""] = path.value.split("/");
  switch (first) {
    case "":
      return <OverviewPage />;
    case "agents":
      return <AgentPage key={second} id={second} />;
    case "approvals":
      return <ApprovalsPage />;
    case "servers":
      return <Later key="servers" load={loadServers} with={{}} />;
    case "audit":
      return <Later key="audit" load={loadAudit} with={{}} />;
    case "settings":
      return <Later key="settings" load={loadSettings} with={{}} />;
    default:
      return (
        <Page title="Nothing here">
          <p>
            There is no such page. <a href="/">Go to the overview.</a>
          </p>
        </Page>
      );
  }
}

function App() {
  if (failure.value !== undefined && me.value === undefined) {
    return (
      <main class="alone">
        <h1>onebox</h1>
        <Failure of={failure.value} retry={() => void begin()} />
      </main>
    );
  }
  if (me.value === undefined) {
    return (
      <main class="alone">
        <Skeleton />
      </main>
    );
  }
  if (me.value === null) {
    // Behind the `#`, so that it is in no request; where there is none, somebody comes late.
    const secret = location.hash.slice(1);
    return path.value === "/set-up" && secret !== "" ? <Later load={loadSetUp} with={{ secret }} /> : <LoginPage />;
  }
  return (
    <Frame>
      <CurrentPage />
    </Frame>
  );
}

render(
  <>
    <App />
    <Toasts />
  </>,
  document.getElementById("app")!,
);
void begin();
