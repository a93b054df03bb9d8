// What an owner does about users and their sessions.
import assert from "node:assert/strict";

export async function manageUsers(web, step, password) {
  const { page } = web;
  const dialog = page.getByRole("dialog");

  await step("an owner adds a user, changes and removes him, and one owner stays", async () => {
    await page.getByRole("button", { name: "Add a user…" }).click();
    await dialog.getByLabel("Login").fill("alice");
    await dialog.getByRole("radio", { name: "Operator" }).check();
    await dialog.getByLabel("Password").fill("another long password");
    await web.look("user-add");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("row", { name: /alice operator/ }).waitFor();
    await page.getByRole("button", { name: "Role… alice" }).click();
    await dialog.getByRole("radio", { name: "Viewer" }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row", { name: /alice viewer/ }).waitFor();
    await page.getByRole("button", { name: "Remove… alice" }).click();
    await page.keyboard.type("alice");
    await dialog.getByLabel("Type alice to go on").fill("alice");
    await dialog.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("row", { name: /alice viewer/ }).waitFor({ state: "detached" });
    web.expect(409);
    await page.getByRole("button", { name: "Role… owner" }).click();
    await dialog.getByRole("radio", { name: "Viewer" }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("'owner' is the only owner; make another one first.").waitFor();
    await web.look("user-role-refused");
    await page.keyboard.press("Escape");
  });

  await step("an owner ends somebody's session", async () => {
    const viewer = await web.another();
    await viewer.page.goto("/settings");
    await viewer.login("viewer", password);
    await viewer.page.getByRole("heading", { name: "Your sessions" }).waitFor();
    assert.equal(await viewer.page.getByRole("heading", { name: "Users" }).count(), 0);
    await page.getByRole("row", { name: /^viewer 127/ }).getByRole("button").first().click();
    await viewer.page.getByText("Your session has ended. Log in to go on.").waitFor();
    await viewer.close();
  });
}
