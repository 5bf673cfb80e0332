//! The built site into the hands of real browsers.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use crate::proxy::Upstream;
use crate::serve::{Server, Serving};
use crate::shell::{Problem, built, program, root, run};
use crate::site;
use crate::steps::Steps;
use crate::tools::{ensure_browser, ensure_npm, ensure_ohif, ensure_orthanc, ensure_other_engines};

/// Id of the model that PyTorch answered for; lies in the tested site only.
const REFERENCE: &str = "pytorch-reference";

/// Networks of random weights that lie in the tested site only, one of each kind, small enough to be quick: its kind, the rest of
/// its configuration, whether it is tried on WebGPU too, which takes long where a program imitates the card.
const UNTRAINED: [(&str, &str, bool); 10] = [
    ("unet", r#", "width": 4"#, true),
    ("unet_plus_plus", r#", "width": 4"#, false),
    ("attention_unet", r#", "width": 4"#, false),
    ("unet_3_plus", r#", "width": 4"#, false),
    ("pspnet", r#", "width": 4, "depth": "eighteen""#, false),
    ("deeplab", r#", "width": 4, "depth": "eighteen""#, false),
    ("ra_unet", r#", "width": 4"#, false),
    ("vm_unet", r#", "width": 32, "down": [1, 1, 1, 1], "up": [1, 1, 1, 1]"#, false),
    ("jha_resunet_pp", r#", "width": 4"#, false),
    ("nn_unet", r#", "width": 4, "grids": 5"#, false),
];

/// What builds `train` and `gliolens` as the native tests have them: by tests that call them. By themselves they would be built with
/// other features of the network's libraries, all of which would be compiled anew.
const NATIVE_PROGRAMS: [&str; 8] =
    ["test", "--quiet", "--workspace", "--no-run", "--test", "program", "--test", "segment"];

/// Files with tests that depend on how long something takes, so that nothing may run beside them: a graphics device is taken if it
/// is faster than the CPU; the first slice, a follow-up and a study of a PACS are to be there in time, and a head is to turn fast
/// enough. Those of the PACS also stand at one port. All other files run side by side; a test that acts between a question and its
/// answer holds the worker by a gate.
const ALONE: [&str; 6] = [
    "first.test.mjs",
    "follow_up.test.mjs",
    "main_job.test.mjs",
    "pacs.test.mjs",
    "pacs_bad.test.mjs",
    "space.test.mjs",
];
/// Browsers at a time for files that run side by side.
const SIDE_BY_SIDE: usize = 2;

/// Slices that are not samples and that native engine and browser must agree on: odd sizes, one sequence, 16 bit, a screen,
/// a page, a photograph.
const ODD_SLICES: [&str; 5] = [
    "e2e/fixtures/crop_221x203.png",
    "e2e/fixtures/flair16_320x384.png",
    "e2e/fixtures/screen_640x360.png",
    "e2e/fixtures/page_480x440.png",
    "e2e/fixtures/photograph_720x960.jpg",
];

/// Builds the site and runs the browser tests: those of the files whose name has `filter` in it, or where there is none, those
/// whose own name matches it.
pub fn all(steps: &mut Steps, filter: Option<&str>) -> Result<(), Problem> {
    let tests = Tests::chosen(filter)?;
    let (browser, others) = steps.step("browsers, a PACS, a viewer and npm packages", || {
        let browser = ensure_browser()?;
        let [firefox, webkit] = ensure_other_engines();
        let orthanc = ("ORTHANC_PROGRAM", "front of a PACS (Orthanc)", ensure_orthanc());
        let ohif = ("OHIF_FOLDER", "the viewer OHIF", ensure_ohif());
        ensure_npm("e2e")?;
        Ok((browser, [firefox, webkit, orthanc, ohif]))
    })?;
    let site = site::build(steps)?;
    let models = site.join("models");
    steps.step("the native programs", || run(program("cargo").args(NATIVE_PROGRAMS)))?;
    let train = |arguments: &[&str]| run(program(&built("train")).args(arguments));
    steps.step("what the native engine answers", || {
        let models = models.to_string_lossy();
        train(&["package-reference", "--vectors", "model/tests/reference", "--output", &models, "--id", REFERENCE])?;
        native_masks(&train)
    })?;
    let untrained = steps.step("a model of each kind of network", || untrained(&train, &models))?;
    // Where the tests start a PACS, and servers that are broken in one way each.
    let port = free_port()?;
    let server = Server::start(&site, &Serving { dicom_web: Some(Upstream::local(port)), ..Serving::default() })?;
    let mut variables = vec![
        ("SITE", server.address()),
        ("BROWSER_PROGRAM", browser),
        ("REFERENCE_MODEL", REFERENCE.to_owned()),
        ("UNTRAINED_MODELS", untrained),
        ("DICOM_WEB_PORT", port.to_string()),
        ("BATCH_PROGRAM", built("gliolens")),
    ];
    for (variable, name, program) in others {
        match program {
            Ok(program) => variables.push((variable, program)),
            Err(reason) => steps.skip(&format!("tests in {name}"), reason),
        }
    }
    let result = tests.run(steps, &variables);
    let tested_only = UNTRAINED.iter().map(|(kind, ..)| untrained_id(kind)).chain([REFERENCE.to_owned()]);
    tested_only.for_each(|id| drop(fs::remove_dir_all(models.join(id))));
    result
}

/// A port that nobody listens on.
fn free_port() -> Result<u16, Problem> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("no port is free: {error}"))
}

/// Masks as the native engine draws them, for the browser's to be compared with.
fn native_masks(train: &dyn Fn(&[&str]) -> Result<(), Problem>) -> Result<(), Problem> {
    let samples = fs::read_dir(root().join("public/samples")).map_err(|error| format!("public/samples: {error}"))?;
    let slices: Vec<String> = samples
        .flatten()
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .filter(|path| path.ends_with(".webp"))
        .chain(ODD_SLICES.map(str::to_owned))
        .collect();
    let fixed = ["predict", "--model", "public/models/lgg-resunetpp", "--output", "target/native-masks"];
    let slices: Vec<&str> = slices.iter().map(String::as_str).collect();
    train(&[&fixed[..], &slices].concat())
}

/// Name of the folder of a kind's small model.
fn untrained_id(kind: &str) -> String {
    format!("untrained-{kind}")
}

/// Writes a small model of each kind into the site; what the browser tests read of them, as JSON.
fn untrained(train: &dyn Fn(&[&str]) -> Result<(), Problem>, models: &Path) -> Result<String, Problem> {
    let mut listed = Vec::new();
    for (kind, fields, graphics) in UNTRAINED {
        let (id, output) = (untrained_id(kind), models.to_string_lossy());
        let network = format!(r#"{{"kind": "{kind}"{fields}}}"#);
        train(&["package-untrained", "--network", &network, "--output", &output, "--id", &id])?;
        listed.push(format!(r#"{{"id": "{id}", "name": "{kind}", "prompts": false, "graphics": {graphics}}}"#));
    }
    Ok(format!("[{}]", listed.join(", ")))
}

/// Which files of `e2e/` run, in which way.
struct Tests {
    together: Vec<String>,
    alone: Vec<String>,
    pattern: Option<String>,
}

impl Tests {
    fn chosen(filter: Option<&str>) -> Result<Self, Problem> {
        let folder = fs::read_dir(root().join("e2e")).map_err(|error| format!("e2e: {error}"))?;
        let mut names: Vec<String> = folder
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".test.mjs"))
            .collect();
        names.sort();
        Ok(Self::of(names, filter))
    }

    fn of(names: Vec<String>, filter: Option<&str>) -> Self {
        let in_name = |name: &String| filter.is_some_and(|filter| name.contains(filter));
        let by_file = names.iter().any(in_name);
        let files = names.into_iter().filter(|name| !by_file || in_name(name));
        let (alone, together) = files.partition(|name| ALONE.contains(&name.as_str()));
        Self { together, alone, pattern: filter.filter(|_| !by_file).map(str::to_owned) }
    }

    fn run(&self, steps: &mut Steps, variables: &[(&str, String)]) -> Result<(), Problem> {
        if !self.together.is_empty() {
            let name = format!("browser tests, {SIDE_BY_SIDE} files at a time: {}", self.together.join(", "));
            steps.step(&name, || self.node(&self.together, SIDE_BY_SIDE, variables))?;
        }
        for file in &self.alone {
            steps.step(&format!("browser tests: {file}"), || self.node(std::slice::from_ref(file), 1, variables))?;
        }
        Ok(())
    }

    fn node(&self, files: &[String], at_a_time: usize, variables: &[(&str, String)]) -> Result<(), Problem> {
        let mut node = program("node");
        node.args(["--test", &format!("--test-concurrency={at_a_time}"), "--test-reporter=spec"]);
        if let Some(pattern) = &self.pattern {
            node.arg(format!("--test-name-pattern={pattern}"));
        }
        node.args(files.iter().map(|file| format!("e2e/{file}")));
        run(node.envs(variables.iter().map(|(name, value)| (name, value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(filter: Option<&str>) -> Tests {
        let names = ["main_job.test.mjs", "offline.test.mjs", "static_host.test.mjs"];
        Tests::of(names.map(str::to_owned).to_vec(), filter)
    }

    #[test]
    fn a_filter_takes_files_by_their_names_or_else_tests_by_theirs() {
        let all = chosen(None);
        assert_eq!((all.together.len(), all.alone.len(), all.pattern), (2, 1, None));
        let file = chosen(Some("offline"));
        assert_eq!((file.together, file.alone.len(), file.pattern), (vec!["offline.test.mjs".into()], 0, None));
        let test = chosen(Some("threshold"));
        assert_eq!((test.together.len(), test.alone.len(), test.pattern), (2, 1, Some("threshold".into())));
    }

    #[test]
    fn every_file_that_runs_alone_is_there() {
        for name in ALONE {
            assert!(root().join("e2e").join(name).is_file(), "{name}");
        }
    }
}
