// The pictures of docs/, taken of the page as it is: dropped, clicked on, segmented as a whole, followed by its mask, in three dimensions, followed up, on a phone.

import { mkdir } from "node:fs/promises";
import { action, command, deepestError, dismissAll, drop, findings, launch, openWith, place, readLabel, savedMask, segmented } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SPACING, laterStudy } from "./later.mjs";

const FOLDER = "docs/pictures";
const SLICE = "public/samples/TCGA_DU_7300_19910814_13";
const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`);
const LAPTOP = { width: 1280, height: 720 };
const SIZES = { "phone": { width: 390, height: 844 }, "phone-on-its-side": { width: 844, height: 390 }, "small-laptop": { width: 1280, height: 600 } };

const browser = await launch();
await mkdir(FOLDER, { recursive: true });

/** A page with files, without the tour. */
async function opened(files, size) {
  const opened = await openWith(browser, [], { size, route: (context) => context.addInitScript(() => localStorage.setItem("tour-seen", "true")) });
  if (files.length) {
    await drop(opened.page, files);
    await findings(opened.page);
  }
  return opened;
}
const picture = (page, name) => page.screenshot({ path: `${FOLDER}/${name}.png` });

{
  const { page, context } = await opened([], LAPTOP);
  await picture(page, "empty");
  await drop(page, [`${SLICE}.webp`, `${SLICE}_mask.png`]);
  await findings(page);
  await picture(page, "slice");
  const mask = await savedMask(page);
  const { x, y } = deepestError(mask, await readLabel(`${SLICE}_mask.png`));
  await page.mouse.click(...(await place(page, mask, x, y)));
  await findings(page);
  await picture(page, "click");
  await context.close();
}
{
  const { page, context } = await opened(STUDY, { width: 1440, height: 900 });
  await command(page, "whole-volume").first().click();
  await segmented(page);
  await picture(page, "volume");
  await command(page, "heat").click();
  await picture(page, "heat");
  await context.close();
}
{
  const { page, context } = await opened(await sampleStudy(SPACING), { width: 1440, height: 900 });
  await command(page, "whole-volume").first().click();
  await segmented(page);
  await page.keyboard.press("8");
  await page.locator('[data-space="open"]').waitFor();
  await page.waitForTimeout(4000);
  await picture(page, "three-dimensions");
  await page.keyboard.press("6");
  await drop(page, await laterStudy("20250131"));
  await findings(page);
  await command(page, "whole-volume").first().click();
  await segmented(page);
  await page.keyboard.press("9");
  await action(page, "register").click();
  await page.locator('[data-view="other"][data-registered="true"]').waitFor();
  await dismissAll(page);
  await page.locator('[data-section="follow-up"]').scrollIntoViewIfNeeded();
  await picture(page, "follow-up");
  await context.close();
}
for (const [name, size] of Object.entries(SIZES)) {
  const { page, context } = await opened(STUDY, size);
  await picture(page, name);
  await context.close();
}
await browser.close();
