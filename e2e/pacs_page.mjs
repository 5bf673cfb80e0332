// The page's dialogs of the PACS, as the tests ask them.

import assert from "node:assert/strict";

/** The page with a PACS, on the CPU. */
export const QUERY = "?pacs&device=cpu";

export const dialog = (page, name = "pacs") => page.locator(`[data-panel="${name}"]`);
export const within = (page, id, name) => dialog(page, name).locator(`[data-action="${id}"]`);

/** Opens the list of studies from the first screen. */
export async function list(page) {
  await page.locator('[data-panel="first"] [data-command="pacs-open"]').click();
  await dialog(page).waitFor();
}

/** Why something was not done, once that is said in a dialog. */
export async function failure(page, name = "pacs") {
  const said = dialog(page, name).locator("[data-pacs-failed]:not(:empty)");
  await said.waitFor();
  assert.equal(await dialog(page, name).locator('[data-pacs-doing="true"]').count(), 0, "nothing is being done any more");
  return said.innerText();
}
