// A new controller is set up in a real browser; then the settings: what is made there, who may log in, and what is
// seen while nothing comes. SettingsSystemTest starts it, with CONSOLE, PASSWORD and PICTURES as in main.mjs, and:
//   SET_UP     path and fragment of the address that the controller printed
import assert from "node:assert/strict";
import { Console, step } from "./console.mjs";
import { lookAtStates } from "./states.mjs";
import { manageUsers } from "./users.mjs";

const password = process.env.PASSWORD;
const web = await Console.open(process.env.CONSOLE, process.env.PICTURES);
try {
  const { page } = web;

  await step("who has the address makes the first user, once", async () => {
    const { SET_UP: address } = process.env;
    await page.goto(address);
    await page.getByRole("button", { name: "Set up" }).waitFor();
    await web.look("set-up");
    await page.keyboard.type("owner");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByLabel("Password again").fill("something else");
    await page.keyboard.press("Enter");
    await page.getByText("The passwords are not the same.").waitFor();
    await page.getByLabel("Password again").fill(password);
    await page.keyboard.press("Enter");
    await page.getByText("No agents yet").waitFor();
    assert.equal(page.url(), new URL("/", process.env.CONSOLE).href, "the secret is gone from the address");

    const late = await web.another();
    late.expect(403);
    await late.page.goto(address);
    await late.page.getByLabel("Login").fill("mallory");
    await late.page.getByLabel("Password", { exact: true }).fill(password);
    await late.page.getByLabel("Password again").fill(password);
    await late.page.keyboard.press("Enter");
    await late.page.getByText(/^This address has been used, is older than a day/).waitFor();
    await late.page.getByRole("link", { name: "Log in." }).click();
    await late.page.getByRole("button", { name: "Log in" }).waitFor();
    await late.close();
  });

  await step("nothing was made yet", async () => {
    const viewer = { login: "viewer", role: "viewer", password };
    const status = await page.evaluate(async (body) => {
      const headers = { "content-type": "application/json" };
      return (await fetch("/api/v1/users", { method: "POST", headers, body: JSON.stringify(body) })).status;
    }, viewer);
    assert.equal(status, 201);
    await page.getByRole("link", { name: "Settings" }).click();
    for (const empty of ["No tokens", "No API tokens", "No webhooks"]) {
      await page.getByText(empty, { exact: true }).waitFor();
    }
    await web.look("settings-empty");
  });

  await step("secrets of API tokens and webhooks are shown once, and taken back", async () => {
    await page.getByRole("button", { name: "Make one…" }).click();
    await page.getByLabel("Note").fill("a test");
    await web.look("api-token-make");
    await page.getByRole("button", { name: "Make it" }).click();
    assert.match(await page.getByRole("dialog").locator("pre").innerText(), /^obt1_/);
    await web.look("api-token-new");
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /a test/ }).waitFor();
    await web.look("settings");
    await page.getByRole("button", { name: /^Take back API token/ }).click();
    await page.getByText("No API tokens").waitFor();
    await page.getByRole("button", { name: "Add a webhook…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("URL").fill("https://hooks.example.net/onebox");
    await dialog.getByLabel("A tunnel is down").check();
    await web.look("webhook-add");
    await dialog.getByRole("button", { name: "Add it" }).click();
    await page.getByRole("dialog", { name: "The new webhook" }).getByLabel("secret of the webhook").first().waitFor();
    await web.look("webhook-new");
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /hooks.example.net.* tunnel.down/ }).waitFor();
    await page.getByRole("button", { name: /^Remove webhook/ }).click();
    await page.getByText("No webhooks").waitFor();
    await page.getByRole("radio", { name: "Dark" }).check();
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), "dark");
    await page.getByRole("radio", { name: "As the system" }).check();
  });

  await manageUsers(web, step, password);
  await lookAtStates(web, step);
  web.assertClean();
  console.log(`${web.pictures} pictures`);
} catch (failure) {
  await web.page.screenshot({ path: `${process.env.PICTURES}/failure-settings.png` }).catch(() => undefined);
  throw failure;
} finally {
  await web.end();
}
