// The pictures of docs/, taken of the page as it is: some large ones for the text, and a sheet of each state on four screens.

import { mkdir, writeFile } from "node:fs/promises";
import { action, deepestError, dismissAll, drop, findings, launch, openWith, place, readLabel, savedMask, segmented, until } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SPACING, showBeside } from "./later.mjs";

const FOLDER = "docs/pictures";
const STATES = "docs/states.md";
const SLICE = "public/samples/TCGA_DU_7300_19910814_13";
const SIZE = { width: 256, height: 256 };
const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`);
const LAPTOP = { width: 1280, height: 720 };
const DESKTOP = { width: 1440, height: 900 };

/** Where each screen lies on a sheet, and how wide, in pixels of the sheet. */
const SCREENS = [
  { size: DESKTOP, at: [0, 0], wide: 720 },
  { size: { width: 1280, height: 600 }, at: [0, 462], wide: 720 },
  { size: { width: 844, height: 390 }, at: [732, 0], wide: 420 },
  { size: { width: 390, height: 844 }, at: [832, 206], wide: 272 },
];
const SHEET = { width: 1152, height: 800 };
/** Of WebP: letters stay readable, and a sheet takes about 100 kB. */
const QUALITY = 0.72;

const browser = await launch();
await mkdir(FOLDER, { recursive: true });

/** To somebody who has seen the tour. */
const withoutTour = (context) => context.addInitScript(() => localStorage.setItem("tour-seen", "true"));

/** A page with files, without the tour. */
async function opened(files, size) {
  const opened = await openWith(browser, [], { size, route: withoutTour });
  if (files.length) {
    await drop(opened.page, files);
    await findings(opened.page);
  }
  return opened;
}
const picture = (page, name) => page.screenshot({ path: `${FOLDER}/${name}.png` });

/** Segments all slices of the study on screen, wherever the button is. */
async function whole(page) {
  await page.keyboard.press("a");
  await segmented(page);
}

/** Clicks where the mask of the sample slice is most wrong. */
async function clickOnSlice(page) {
  const mask = await savedMask(page);
  const { x, y } = deepestError(mask, await readLabel(`${SLICE}_mask.png`));
  await page.mouse.click(...(await place(page, mask, x, y)));
  await findings(page);
}

/** A line over the sample slice. */
async function rule(page) {
  await page.keyboard.press("d");
  await page.mouse.move(...(await place(page, SIZE, 40, 60)));
  await page.mouse.down();
  await page.mouse.move(...(await place(page, SIZE, 150, 40)), { steps: 6 });
  await page.mouse.up();
  await page.locator("[data-length-row]").waitFor();
}

async function inThreeDimensions(page) {
  await whole(page);
  await page.keyboard.press("8");
  await page.locator('[data-space="open"]').waitFor();
  await page.waitForTimeout(4000);
}

async function twoTimes(page) {
  await whole(page);
  await showBeside(page);
  await whole(page);
  await action(page, "register").click();
  await page.locator('[data-view="other"][data-registered="true"]').waitFor();
  await dismissAll(page);
}

async function tour(page) {
  await action(page, "try").click();
  await page.locator('[data-tour="1"]').waitFor();
  await findings(page);
  await action(page, "next-step").click();
  await page.locator('[data-tour="2"]').waitFor();
  await findings(page);
}

const studyOfDicom = () => sampleStudy(SPACING);

/** What the page looks like, state by state: a name, what it shows, the files that are dropped, and what is done then. */
const ALL = [
  ["first", "Nothing is open: the network outlines a slice that comes with the page.", () => [], async (page) => page.locator('[data-preview="outlined"]').waitFor()],
  ["corrected", "A slice after a click, with its label.", () => [`${SLICE}.webp`, `${SLICE}_mask.png`], clickOnSlice],
  ["brush", "A slice with the brush in hand.", () => [`${SLICE}.webp`], (page) => page.keyboard.press("b")],
  ["ruler", "A slice with a length and the diameters of its mask.", () => [`${SLICE}.webp`], rule],
  ["study", "A study that is segmented as a whole.", () => STUDY, whole],
  ["sequences", "Three sequences side by side.", () => STUDY, (page) => page.keyboard.press("7")],
  ["heat", "The probabilities.", () => STUDY, (page) => page.keyboard.press("h")],
  ["three-dimensions", "Four views, with the tumour in three dimensions.", studyOfDicom, inThreeDimensions],
  ["follow-up", "Two time points, registered.", studyOfDicom, twoTimes],
  ["sagittal", "A study from the side alone, outlined.", () => STUDY, async (page) => {
    await whole(page);
    await page.keyboard.press("m");
    await page.locator('[data-cut="Sagittal"]').dispatchEvent("dblclick");
    await page.locator('[data-layout="sagittal"]').waitFor();
  }],
  ["tour", "The tour: a tumour that the network missed.", () => [], tour],
  ["closed", "A study that was closed, and the way back.", () => STUDY, async (page) => {
    await page.locator("[data-close]").first().click();
    await page.locator("[data-closed]").first().waitFor();
  }],
  ["german", "A study in German.", () => STUDY, async (page) => {
    await page.keyboard.press("?");
    await page.locator('[data-menu="language"]').selectOption("de");
    await page.keyboard.press("Escape");
    await until(page, () => document.documentElement.lang === "de");
  }],
  ["no-flair", "A study without FLAIR.", () => STUDY.slice(0, 1), null],
  ["message", "A file that cannot be opened.", () => [`${SLICE}.webp`, { name: "letter.txt", bytes: Buffer.from("Dear colleague") }], null],
  ["report", "Before the report is printed.", () => STUDY, async (page) => {
    await page.locator('[data-save="report"]').click();
    await page.getByRole("dialog").waitFor();
  }],
  ["help", "The help.", () => [], async (page) => {
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
  }],
];

/** A state on all screens, as one picture. */
async function sheet(name, files, then) {
  const shots = [];
  for (const { size } of SCREENS) {
    const { page, context } = await openWith(browser, [], { size, route: name === "tour" ? undefined : withoutTour });
    const dropped = await files();
    if (dropped.length) await drop(page, dropped);
    if (name === "no-flair") await page.locator('[data-doubt="no-flair"]').waitFor();
    else if (dropped.length) await findings(page);
    if (then) await then(page);
    shots.push((await page.screenshot()).toString("base64"));
    await context.close();
  }
  const { page, context } = await openWith(browser, [], { size: LAPTOP });
  const webp = await page.evaluate(
    async ({ shots, screens, sheet, quality }) => {
      const canvas = new OffscreenCanvas(sheet.width, sheet.height);
      const context = canvas.getContext("2d");
      context.fillStyle = "#3a4250";
      context.fillRect(0, 0, sheet.width, sheet.height);
      context.imageSmoothingQuality = "high";
      for (const [at, shot] of shots.entries()) {
        const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(shot), (letter) => letter.charCodeAt(0))]));
        const { at: [x, y], wide } = screens[at];
        context.drawImage(picture, x, y, wide, (wide * picture.height) / picture.width);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
      let letters = "";
      for (const byte of bytes) letters += String.fromCharCode(byte);
      return btoa(letters);
    },
    { shots, screens: SCREENS, sheet: SHEET, quality: QUALITY },
  );
  await context.close();
  await writeFile(`${FOLDER}/on-four-screens-${name}.webp`, Buffer.from(webp, "base64"));
}

{
  const { page, context } = await opened([], LAPTOP);
  await page.locator('[data-preview="outlined"]').waitFor();
  await picture(page, "empty");
  await drop(page, [`${SLICE}.webp`, `${SLICE}_mask.png`]);
  await findings(page);
  await clickOnSlice(page);
  await picture(page, "click");
  await context.close();
}
{
  const { page, context } = await opened(STUDY, DESKTOP);
  await whole(page);
  await picture(page, "volume");
  await context.close();
}
{
  const { page, context } = await opened(await studyOfDicom(), DESKTOP);
  await inThreeDimensions(page);
  await picture(page, "three-dimensions");
  await page.keyboard.press("6");
  await twoTimes(page);
  await page.locator('[data-section="follow-up"]').scrollIntoViewIfNeeded();
  await picture(page, "follow-up");
  await context.close();
}
// A state by its name, or all of them.
const wanted = process.argv.slice(2);
for (const [name, , files, then] of ALL) if (!wanted.length || wanted.includes(name)) await sheet(name, files, then);
const screens = SCREENS.map(({ size: { width, height } }) => `${width} × ${height}`).join(", ");
const states = ALL.map(([name, says]) => `## ${says}\n\n![${says}](pictures/on-four-screens-${name}.webp)\n`);
await writeFile(STATES, `# The page, state by state\n\nEach on ${screens} pixels. Taken by \`cargo xtask pictures\`.\n\n${states.join("\n")}`);
await browser.close();
