// The pages of the console while nothing has come yet, and when the controller cannot answer.

/** What a controller says that cannot. */
export const BROKEN = {
  status: 500,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "urn:onebox:problem:internal", status: 500, detail: "the disk is full" }),
};

/** Lets requests wait until what is returned is called. */
export async function hold(page, requests) {
  let release;
  const held = new Promise((done) => (release = done));
  await page.route(requests, (route) => held.then(() => route.continue()).catch(() => undefined));
  return () => {
    release();
    return page.unroute(requests);
  };
}

/** Looks at every page that loads something, but for the settings: see states.mjs. */
export async function waitForAnswers(owner, step, password) {
  const web = await owner.another();
  const { page } = web;
  const failure = page.getByText("The disk is full.").first();
  // The stream tells of the agents, too, and would end what is to be seen.
  await page.routeWebSocket("**/api/v1/stream", () => undefined);
  await page.goto("/");
  await web.login("owner", password);
  const van = await page.getByRole("link", { name: "van" }).first().getAttribute("href");
  const pages = [
    ["overview", "/", "**/api/v1/agents?*"],
    ["servers", "/servers", "**/api/v1/agents?*"],
    ["agent", van, "**/api/v1/agents/*"],
    ["audit", "/audit", "**/api/v1/audit*"],
  ];
  web.expect(500);

  await step("every page says that it loads, and why it cannot", async () => {
    for (const [name, path, requests] of pages) {
      const release = await hold(page, requests);
      await page.goto(path);
      await page.getByLabel("Loading").first().waitFor();
      await web.look(`${name}-loading`);
      await release();
      await page.route(requests, (route) => route.fulfill(BROKEN));
      await page.goto(path);
      await failure.waitFor();
      await web.look(`${name}-error`);
      await page.unroute(requests);
      await page.getByRole("button", { name: "Try again" }).first().click();
      await failure.waitFor({ state: "detached" });
    }
  });
  await web.close();
}
