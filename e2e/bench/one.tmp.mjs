import { launch } from "../browser.mjs";
import { study } from "./study.mjs";
const browser = await launch();
const row = (value, name, unit = "ms", digits = 1) => console.log(`  ${value.toFixed(digits).padStart(10)} ${unit}  ${name}`);
await study(browser, row);
await browser.close();
