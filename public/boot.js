// Starts the page program and takes the splash away once it stands.

import init from "./app.js";

/** How long a newer version of the site may take to take over, in milliseconds. */
const PATIENCE = 1000;

/** Lets a newer version that an earlier visit has fetched take over: now, when nothing can be lost by it. */
async function takeNewest() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.waiting) return;
  const taken = new Promise((resolve) =>
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true }),
  );
  registration.waiting.postMessage("take over");
  const refused = new Promise((resolve) => setTimeout(resolve, PATIENCE, false));
  if (await Promise.race([taken, refused])) {
    location.reload();
    await new Promise(() => {}); // The page ends here.
  }
}

const splash = document.querySelector(".splash");
try {
  // A browser that keeps nothing refuses to be asked.
  await takeNewest().catch(() => {});
  await init({ module_or_path: "./app_bg.wasm" });
  splash.remove();
} catch (error) {
  splash.querySelector("p").textContent =
    `The page could not start (${error.message ?? error}). It needs a current Chrome, Edge, Firefox or Safari.`;
  throw error;
}
