// The viewer OHIF as it is published, on this computer alone: its files, a configuration of ours, and the DICOMweb of a PACS below it.

import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

/** The folder of its site; none where the tests go without. */
export const OHIF = process.env.OHIF_FOLDER;

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
const PREFIX = "/dicom-web/";

/** Orthanc's DICOMweb, as OHIF's own example for Orthanc describes it. */
const CONFIGURATION = {
  routerBasename: "/",
  extensions: [],
  modes: [],
  showStudyList: true,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  // Nobody is there to say yes.
  disableConfirmationPrompts: true,
  investigationalUseDialog: { option: "never" },
  defaultDataSourceName: "orthanc",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "orthanc",
      configuration: {
        friendlyName: "Orthanc",
        name: "orthanc",
        wadoUriRoot: "/dicom-web",
        qidoRoot: "/dicom-web",
        wadoRoot: "/dicom-web",
        qidoSupportsIncludeField: true,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        omitQuotationForMultipartRequest: true,
        bulkDataURI: { enabled: true },
      },
    },
  ],
};

/** Serves OHIF beside the PACS at a port; the address, and how to stop. */
export async function ohif(port) {
  const server = createServer(async (asked, response) => {
    const path = decodeURIComponent(new URL(asked.url, "http://ohif").pathname);
    if (path.startsWith(PREFIX)) return passOn(port, asked, response);
    if (path === "/app-config.js") return send(response, ".js", `window.config = ${JSON.stringify(CONFIGURATION)};`);
    const file = normalize(join(OHIF, path));
    const bytes = file.startsWith(OHIF) && extname(file) ? await readFile(file).catch(() => null) : null;
    if (bytes) return send(response, extname(file), bytes);
    // Its own addresses are all one page.
    if (extname(path)) return response.writeHead(404).end();
    send(response, ".html", await readFile(join(OHIF, "index.html")));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response, ending, bytes) {
  response.writeHead(200, { "content-type": TYPES[ending] ?? "application/octet-stream" }).end(bytes);
}

/** Lets the PACS answer. */
function passOn(port, asked, response) {
  // Orthanc writes addresses of its own into its answers, by the host that it was asked for.
  const passed = request({ host: "127.0.0.1", port, path: asked.url, method: asked.method, headers: asked.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  asked.pipe(passed);
}
