// Firefox, and WebKit as the engine of Safari: browsers that Playwright drives only in builds of its own. Both behind the
// same few functions.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import puppeteer from "puppeteer-core";
import { Builder, Button, Capabilities, Key, Origin } from "selenium-webdriver";
import { which } from "./browser.mjs";

/** How long a browser may take to start, in milliseconds. */
const PATIENCE = 120_000;
const WINDOW = { width: 1440, height: 900 };

/** Firefox, headless. */
export async function firefox(program) {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: which(program),
    headless: true,
    defaultViewport: WINDOW,
    timeout: PATIENCE,
  });
  const page = await browser.newPage();
  return {
    goto: (address) => page.goto(address),
    evaluate: (what, given) => page.evaluate(what, given),
    async drag([[x, y], ...path]) {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (const [x, y] of path) await page.mouse.move(x, y);
      await page.mouse.up();
    },
    press: (key) => page.keyboard.press(key),
    close: () => browser.close(),
  };
}

/** WebKit by its driver, on a display of its own. */
export async function webkit(program) {
  const port = await freePort();
  const driver = spawn("xvfb-run", ["--auto-servernum", "--server-args=-screen 0 1600x1200x24", program, `--port=${port}`], {
    stdio: "ignore",
    // xvfb-run does not hand signals on: the group is ended as a whole.
    detached: true,
  });
  const stop = () => process.kill(-driver.pid);
  const capabilities = new Capabilities().setBrowserName("MiniBrowser");
  const server = `http://127.0.0.1:${port}`;
  await answered(server);
  const session = await new Builder().usingServer(server).withCapabilities(capabilities).build().catch((error) => {
    stop();
    throw error;
  });
  await session.manage().window().setRect({ x: 0, y: 0, ...WINDOW });
  const at = (x, y) => ({ x: Math.round(x), y: Math.round(y), origin: Origin.VIEWPORT });
  return {
    goto: (address) => session.get(address),
    evaluate: (what, given) => session.executeScript(`return (${what})(...arguments)`, given),
    async drag([start, ...path]) {
      const actions = session.actions().move(at(...start)).press(Button.LEFT);
      await path.reduce((actions, point) => actions.move(at(...point)), actions).release(Button.LEFT).perform();
    },
    press: (key) => session.actions().sendKeys(Key[key.toUpperCase()] ?? key).perform(),
    close: () => session.quit().finally(stop),
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server is there at all. */
async function answered(address) {
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      return await fetch(`${address}/status`);
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
