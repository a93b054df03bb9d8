// How a client uses its links, set from its page by keyboard alone.
import assert from "node:assert/strict";

export async function manageLinks(web, step) {
  const { page } = web;
  const dialog = page.getByRole("dialog");
  const card = page.locator(".links > li").filter({ hasText: "up2" });
  const open = async (name) => {
    await page.getByRole("button", { name }).focus();
    await page.keyboard.press("Enter");
    await dialog.waitFor();
  };

  await step("a link becomes a metered backup with a cap, and goes back to its file, by keyboard alone", async () => {
    await open("Change the use of up2");
    await web.look("link-edit");
    await web.tabTo("Always");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await dialog.getByText("Carries while no better link works.").waitFor();
    await web.tabTo("Metered: every byte costs");
    await page.keyboard.press("Space");
    await web.tabTo("Download cap");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("much");
    web.expect(400);
    await web.tabTo("Save");
    await page.keyboard.press("Enter");
    await dialog.getByText(/^Download must be "auto" or a rate between .* was 'much'\.$/).waitFor();
    await dialog.getByLabel("Download cap").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("5Mbit/s");
    await web.tabTo("Check");
    await page.keyboard.press("Enter");
    await dialog.getByText('+ link[up2].download = "5Mbit/s"').waitFor();
    await web.look("link-check");
    await web.tabTo("Save");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await card.getByText("backup, metered, ↓ at most 5Mbit/s").waitFor();
    await card.getByText("backup, metered", { exact: true }).waitFor();
    await card.getByText("↓ 5.00 Mbit/s ↑ none").waitFor();
    await page.locator(".lead").getByText(/1 of 3 links in use; up2 is not used: .*; up3 is not used: /).waitFor();
    await web.look("agent-link-set");
  });

  await step("a link that is not there yet is named, and everything goes back to the file", async () => {
    await open("Set another link…");
    await dialog.getByLabel("Interface").fill("wwan7");
    await dialog.getByRole("radio", { name: "Never" }).check();
    await web.look("link-name");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.locator(".links > li").filter({ hasText: "wwan7" }).getByText("interface is missing").waitFor();
    for (const name of ["wwan7", "up2"]) {
      await open(`Change the use of ${name}`);
      await dialog.getByRole("button", { name: "Leave it to its file" }).click();
      await dialog.waitFor({ state: "detached" });
    }
    await page.locator(".lead").getByText("2 of 3 links in use").waitFor();
    assert.equal(await page.getByText("Set here").count(), 0, "settings left");
  });
}
