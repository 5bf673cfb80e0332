// What stands behind the site's `/dicom-web/`: a real Orthanc with studies, or a server that answers as a test wants.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program; none where the tests go without. */
export const ORTHANC = process.env.ORTHANC_PROGRAM;
/** Where the site passes its questions on to. */
export const PORT = Number(process.env.DICOM_WEB_PORT ?? 0);

const ORTHANC_DICOM_WEB = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const ADDRESS = `http://127.0.0.1:${PORT}`;

/** Orthanc on this computer alone, with an archive of its own that goes with it. */
export async function orthanc() {
  const folder = await mkdtemp(join(tmpdir(), "orthanc-"));
  const settings = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: PORT,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomServerEnabled: false,
    Plugins: [ORTHANC_DICOM_WEB],
    DicomWeb: { Enable: true, Root: "/dicom-web/", EnableWado: false },
  };
  const file = join(folder, "orthanc.json");
  await writeFile(file, JSON.stringify(settings));
  const program = spawn(ORTHANC, [file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  program.stderr.on("data", (text) => (said = (said + text).slice(-4000)));
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const json = async (path, options) => (await fetch(ADDRESS + path, options)).json();
  for (let tries = 0; !(await fetch(`${ADDRESS}/system`).catch(() => null))?.ok; tries++) {
    if (tries > 300 || program.exitCode !== null) throw new Error(`Orthanc did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    /** Stores files. */
    async take(files) {
      for (const { name, bytes } of files) {
        const answer = await fetch(`${ADDRESS}/instances`, { method: "POST", body: bytes });
        if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
      }
    },
    /** Everything that it has of a modality, attribute by attribute. */
    async tags(modality) {
      const query = { Level: "Series", Query: { Modality: modality } };
      const series = await json("/tools/find", { method: "POST", body: JSON.stringify(query) });
      const all = await Promise.all(series.map((id) => json(`/series/${id}/instances-tags?simplify`)));
      return all.flatMap((instances) => Object.values(instances));
    },
    /** A study as a zip for a CD, with a DICOMDIR. */
    async media(study) {
      const [id] = await json("/tools/find", { method: "POST", body: JSON.stringify({ Level: "Study", Query: { StudyInstanceUID: study } }) });
      return Buffer.from(await (await fetch(`${ADDRESS}/studies/${id}/media`)).arrayBuffer());
    },
    async stop() {
      program.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A server in Orthanc's place: `answer` gets each request with what was sent, `asked` has their lines. */
export async function pretended() {
  const asked = [];
  const own = { answer: (_, response) => response.writeHead(404).end(), asked };
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const sent = [];
    for await (const chunk of request) sent.push(chunk);
    own.answer(request, response, Buffer.concat(sent));
  });
  await new Promise((resolve) => server.listen(PORT, "127.0.0.1", resolve));
  own.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return own;
}

/** DICOM's JSON of attributes: a tag and its value. */
export const attributes = (...pairs) => Object.fromEntries(pairs.map(([tag, value]) => [tag, { vr: "UN", Value: [value] }]));

/** Answers with JSON. */
export const json = (response, value, status = 200) =>
  response.writeHead(status, { "content-type": "application/dicom+json" }).end(JSON.stringify(value));

/** Files as parts of one answer, and its Content-Type. */
export function multipart(files) {
  const parts = files.flatMap(({ bytes }) => [Buffer.from("--b\r\nContent-Type: application/dicom\r\n\r\n"), bytes, Buffer.from("\r\n")]);
  return { type: 'multipart/related; type="application/dicom"; boundary=b', body: Buffer.concat([...parts, Buffer.from("--b--\r\n")]) };
}
