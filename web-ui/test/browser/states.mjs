// The settings while they load, when they fail, when they may be old, and when nobody answers.
import assert from "node:assert/strict";
import { BROKEN, hold } from "./pages.mjs";

const ME = "**/api/v1/me";
const USERS = "**/api/v1/users";

export async function lookAtStates(web, step) {
  const { page } = web;
  const dialog = page.getByRole("dialog");
  const owner = page.getByRole("row", { name: /^owner you owner/ });
  const comeAgain = async () => {
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
  };

  await step("settings load, fail, are tried again, and say when they may be old", async () => {
    const release = await hold(page, USERS);
    await comeAgain();
    await page.getByRole("region", { name: "Users" }).getByLabel("Loading").waitFor();
    await web.look("settings-loading");
    await release();
    web.expect(500);
    await page.route(USERS, (route) => route.fulfill(BROKEN));
    await comeAgain();
    await page.getByText("The disk is full.").waitFor();
    await web.look("settings-error");
    await page.unroute(USERS);
    await page.getByRole("button", { name: "Try again" }).click();
    await owner.waitFor();
    await page.route(USERS, (route) => route.fulfill(BROKEN));
    await page.getByText("This may be old. The disk is full.").waitFor();
    assert.ok(await owner.isVisible(), "what was known stays");
    await page.unroute(USERS);
    await page.getByText("This may be old.").waitFor({ state: "detached" });
  });

  await step("a dialog says that nobody answers, keeps what was typed, and saves when somebody does", async () => {
    await page.getByRole("button", { name: "Add a user…" }).click();
    await dialog.getByLabel("Login").fill("bob");
    await dialog.getByLabel("Password").fill("another long password");
    await web.offline(true);
    await dialog.getByText(/^The controller does not answer: what stands here may be old/).waitFor();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("The controller does not answer.", { exact: true }).waitFor();
    await web.look("user-add-offline");
    await web.offline(false);
    await dialog.getByText(/^The controller does not answer: /).waitFor({ state: "detached" });
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Password… bob" }).click();
    await web.look("user-password");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Remove… bob" }).click();
    await dialog.getByLabel("Type bob to go on").fill("bob");
    await web.look("user-remove");
    await dialog.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("row", { name: /bob viewer/ }).waitFor({ state: "detached" });
  });

  await step("who cannot even be known is told so, and comes in when that is over", async () => {
    await page.route(ME, (route) => route.fulfill(BROKEN));
    await page.goto("/settings");
    await page.getByText("The disk is full.").waitFor();
    await web.look("no-answer");
    await page.unroute(ME);
    await page.getByRole("button", { name: "Try again" }).click();
    await owner.waitFor();
  });
}
